import { SeaworthyError } from "@seaworthy/errors";
import { deepEqual } from "../deep-equal.ts";
import { cloneJson, isJsonObject, setField, type JsonObject } from "./json-value.ts";

/** One operation of a JSON Patch. */
export type JsonPatchOperation =
  | { readonly op: "add" | "replace" | "test"; readonly path: string; readonly value?: unknown }
  | { readonly op: "remove"; readonly path: string }
  | { readonly op: "move" | "copy"; readonly path: string; readonly from: string };

/**
 * Applies a JSON Patch to a copy, or throws SW1107 and changes nothing. It does what Kubernetes' library does, also where RFC 6902
 * has it otherwise: a `replace` of an absent field adds it, what is absent is null to a `test` and a `copy`, an index below zero
 * counts from the end, and only `replace` and `test` are for the whole document.
 * https://github.com/evanphx/json-patch/blob/v4.13.0/patch.go
 */
export function jsonPatch(doc: unknown, operations: readonly JsonPatchOperation[]): unknown {
  const patched = { doc: cloneJson(doc), copied: 0 };
  for (const operation of operations) applyOperation(patched, operation);
  return patched.doc;
}

interface Patched {
  doc: unknown;
  /** How many bytes of JSON were copied so far. */
  copied: number;
}

/** The API server's limit, JSONPatchMaxCopyBytes: with each copy a document could become twice as large. */
const mostCopied = 3 * 1024 * 1024;

function applyOperation(patched: Patched, operation: JsonPatchOperation): void {
  const { op, path } = operation;
  switch (op) {
    case "add":
      return add(placeOf(patched, path), cloneJson(operation.value ?? null));
    case "remove":
      return remove(placeOf(patched, path));
    case "replace":
      return replace(patched, path, cloneJson(operation.value ?? null));
    case "move": {
      const from = placeOf(patched, operation.from);
      const value = get(from);
      remove(from);
      return add(placeOf(patched, path), value);
    }
    case "copy":
      return copy(patched, operation.from, path);
    case "test": {
      const found = path === "" ? patched.doc : (get(placeOf(patched, path)) ?? null);
      if (!deepEqual(found, operation.value ?? null)) throw refused(`testing value ${path} failed`);
      return;
    }
    default:
      throw refused(`${JSON.stringify(op)} is not an operation`);
  }
}

/** A place in the document: a field that may be absent, or an index that may be none. */
interface Place {
  readonly pointer: string;
  readonly parent: JsonObject | unknown[];
  readonly key: string;
}

/** Where a pointer leads: https://www.rfc-editor.org/rfc/rfc6901 */
function placeOf({ doc }: Patched, pointer: unknown): Place {
  if (typeof pointer !== "string") throw refused("an operation has no path");
  const [, ...keys] = pointer.split("/").map((key) => key.replaceAll("~1", "/").replaceAll("~0", "~"));
  const key = keys.pop();
  let parent = doc;
  for (const each of keys) parent = isContainer(parent) ? get({ pointer, parent, key: each }) : undefined;
  if (key === undefined || !isContainer(parent)) throw refused(`there is no place for ${pointer}`);
  return { pointer, parent, key };
}

function isContainer(value: unknown): value is JsonObject | unknown[] {
  return Array.isArray(value) || isJsonObject(value);
}

/** The index that is meant in a list with so many places. */
function indexOf({ pointer, key }: Place, places: number): number {
  const index = /^[+-]?\d+$/.test(key) ? Number(key) : Number.NaN;
  if (index >= 0 && index < places) return index;
  if (index < 0 && index >= -places) return index + places;
  throw refused(`${pointer}: ${JSON.stringify(key)} is not an index of the list`);
}

/** What is at a place; undefined for a field that is absent. */
function get(place: Place): unknown {
  const { parent, key } = place;
  if (Array.isArray(parent)) return parent[indexOf(place, parent.length)];
  return Object.hasOwn(parent, key) ? parent[key] : undefined;
}

function add(place: Place, value: unknown): void {
  const { parent, key } = place;
  if (!Array.isArray(parent)) return setField(parent, key, value);
  parent.splice(key === "-" ? parent.length : indexOf(place, parent.length + 1), 0, value);
}

function remove(place: Place): void {
  const { pointer, parent, key } = place;
  if (Array.isArray(parent)) parent.splice(indexOf(place, parent.length), 1);
  else if (Object.hasOwn(parent, key)) delete parent[key];
  else throw refused(`there is no ${pointer}`);
}

function replace(patched: Patched, pointer: string, value: unknown): void {
  if (pointer === "") {
    patched.doc = value;
    return;
  }
  const place = placeOf(patched, pointer);
  const { parent, key } = place;
  if (Array.isArray(parent)) parent[indexOf(place, parent.length)] = value;
  else setField(parent, key, value);
}

function copy(patched: Patched, from: string, path: string): void {
  const value = get(placeOf(patched, from)) ?? null;
  const place = placeOf(patched, path);
  patched.copied += Buffer.byteLength(JSON.stringify(value));
  if (patched.copied > mostCopied) throw refused(`the copies have more than ${mostCopied} bytes`);
  add(place, cloneJson(value));
}

function refused(message: string): SeaworthyError {
  return new SeaworthyError("SW1107", message);
}
