import { SeaworthyError } from "@seaworthy/errors";
import { deepEqual } from "../deep-equal.ts";
import { cloneJson, isJsonObject, setField, type JsonObject } from "./json-value.ts";

/** One operation of a JSON Patch. */
export type JsonPatchOperation =
  | { readonly op: "add" | "replace" | "test"; readonly path: string; readonly value?: unknown }
  | { readonly op: "remove"; readonly path: string }
  | { readonly op: "move" | "copy"; readonly path: string; readonly from: string };

/** A `test` operation that found another value: the patch is good, the document is not as expected. */
export class FailedPatchTest extends SeaworthyError {}

/** Applies an RFC 6902 JSON Patch to a copy, or throws SW1107 and changes nothing. */
export function jsonPatch(doc: unknown, operations: readonly JsonPatchOperation[]): unknown {
  if (!Array.isArray(operations)) throw refused("a JSON Patch is a list of operations");
  if (operations.length > mostOperations)
    throw refused(`the patch has more than ${mostOperations} operations`);
  // A holder around the document lets an operation replace the whole of it (path "").
  const holder: JsonObject = { doc: cloneJson(doc) };
  for (const operation of operations) applyOperation(holder, operation);
  return holder["doc"];
}

/** The API server's limit, maxJSONPatchOperations. */
const mostOperations = 10_000;

function applyOperation(holder: JsonObject, operation: JsonPatchOperation): void {
  if (!isJsonObject(operation)) throw refused("an operation is an object with op and path");
  const path = parsePointer(operation.path);
  switch (operation.op) {
    case "add":
      return add(holder, path, cloneJson(valueOf(operation)));
    case "remove":
      return void remove(holder, path);
    case "replace":
      return replace(holder, path, cloneJson(valueOf(operation)));
    case "move":
      return move(holder, parsePointer(operation.from), path);
    case "copy":
      return add(holder, path, cloneJson(get(holder, parsePointer(operation.from))));
    case "test":
      return test(holder, path, operation);
    default:
      throw refused(`${JSON.stringify((operation as { op?: unknown }).op)} is not an operation`);
  }
}

function valueOf(operation: {
  readonly op: string;
  readonly path: string;
  readonly value?: unknown;
}): unknown {
  if (operation.value === undefined) throw refused(`${operation.op} ${operation.path} has no value`);
  return operation.value;
}

function add(holder: JsonObject, path: readonly string[], value: unknown): void {
  const { parent, key } = parentOf(holder, path);
  if (!Array.isArray(parent)) return setField(parent, key, value);
  const index = key === "-" ? parent.length : indexOf(key, parent.length, path);
  parent.splice(index, 0, value);
}

function remove(holder: JsonObject, path: readonly string[]): unknown {
  const value = get(holder, path);
  const { parent, key } = parentOf(holder, path);
  if (Array.isArray(parent)) parent.splice(Number(key), 1);
  else if (parent === holder) parent["doc"] = null;
  else delete parent[key];
  return value;
}

function replace(holder: JsonObject, path: readonly string[], value: unknown): void {
  get(holder, path);
  const { parent, key } = parentOf(holder, path);
  if (Array.isArray(parent)) parent[Number(key)] = value;
  else setField(parent, key, value);
}

function move(holder: JsonObject, from: readonly string[], path: readonly string[]): void {
  const isInside = path.length > from.length && from.every((key, index) => path[index] === key);
  if (isInside) throw refused(`${formatPointer(from)} cannot move into itself`);
  if (path.length === from.length && from.every((key, index) => path[index] === key))
    return void get(holder, from);
  add(holder, path, remove(holder, from));
}

/** As the API server has it, an absent field equals null. */
function test(holder: JsonObject, path: readonly string[], operation: { readonly value?: unknown }): void {
  const { parent, key } = parentOf(holder, path);
  const isAbsent = !Array.isArray(parent) && !Object.hasOwn(parent, key);
  const found = isAbsent ? null : get(holder, path);
  if (deepEqual(found, operation.value ?? null)) return;
  const pointer = formatPointer(path);
  throw new FailedPatchTest("SW1107", `testing value ${pointer} failed`, {
    field: pointer,
    seen: [`the document has ${brief(found)}`, `the patch expects ${brief(operation.value ?? null)}`],
    next: ["read the object again and make the patch from what it is now"],
  });
}

function get(holder: JsonObject, path: readonly string[]): unknown {
  const { parent, key } = parentOf(holder, path);
  if (Array.isArray(parent)) return parent[indexOf(key, parent.length - 1, path)];
  if (!Object.hasOwn(parent, key)) throw refused(`there is no ${formatPointer(path)} in the document`, path);
  return parent[key];
}

function parentOf(
  holder: JsonObject,
  path: readonly string[],
): { parent: JsonObject | unknown[]; key: string } {
  let parent: JsonObject | unknown[] = holder;
  const keys = ["doc", ...path];
  for (const key of keys.slice(0, -1)) {
    const child: unknown = Array.isArray(parent)
      ? parent[indexOf(key, parent.length - 1, path)]
      : Object.hasOwn(parent, key)
        ? parent[key]
        : undefined;
    if (!Array.isArray(child) && !isJsonObject(child)) {
      throw refused(`there is no place for ${formatPointer(path)} in the document`, path);
    }
    parent = child;
  }
  return { parent, key: keys.at(-1) ?? "doc" };
}

function indexOf(key: string, last: number, path: readonly string[]): number {
  if (!/^(0|[1-9]\d*)$/.test(key) || Number(key) > last) {
    throw refused(`${formatPointer(path)}: ${JSON.stringify(key)} is not an index of the list`, path);
  }
  return Number(key);
}

/** https://www.rfc-editor.org/rfc/rfc6901 */
function parsePointer(pointer: unknown): string[] {
  if (typeof pointer !== "string") throw refused("an operation has no path");
  if (pointer === "") return [];
  if (!pointer.startsWith("/"))
    throw refused(`${JSON.stringify(pointer)} is not a JSON pointer: it has no / in front`);
  return pointer
    .slice(1)
    .split("/")
    .map((key) => key.replaceAll("~1", "/").replaceAll("~0", "~"));
}

function formatPointer(path: readonly string[]): string {
  return path.map((key) => `/${key.replaceAll("~", "~0").replaceAll("/", "~1")}`).join("");
}

function brief(value: unknown): string {
  const text = JSON.stringify(value);
  return text.length > 200 ? `${text.slice(0, 200)}…` : text;
}

function refused(message: string, path?: readonly string[]): SeaworthyError {
  return new SeaworthyError("SW1107", message, path === undefined ? {} : { field: formatPointer(path) });
}
