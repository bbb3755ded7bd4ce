import { findTypeSchema, type FieldSchema } from "../schema/schema.ts";
import {
  deletePrefix,
  isDirective,
  isParallel,
  orderPrefix,
  refused,
  withoutDirectives,
} from "./directives.ts";
import { isJsonObject, setField, type JsonObject } from "./json-value.ts";
import { mergeList } from "./merge-list.ts";

/**
 * What a strategic merge patch makes of a document, by the merge keys of the document's type
 * (`schemaTypeOf(apiVersion, kind)`), or throws SW1107. Document and patch stay as they are; the result shares with the
 * document what the patch does not touch.
 * https://github.com/kubernetes/community/blob/master/contributors/devel/sig-api-machinery/strategic-merge-patch.md
 */
export function strategicMergePatch(doc: unknown, patch: unknown, schemaType: string): unknown {
  if (!isJsonObject(doc) || !isJsonObject(patch)) throw refused("a strategic merge patch is an object");
  return mergeObject(doc, patch, schemaType);
}

function mergeObject(original: JsonObject, patch: JsonObject, type: string | undefined): JsonObject {
  if (Object.hasOwn(patch, "$patch")) return obeyDirective(patch);
  const merged = { ...original };
  const change = { ...patch };
  retainKeys(merged, change);
  mergeInOrder(merged, change, type);
  for (const key of Object.keys(change)) {
    const value = change[key];
    if (key.startsWith(deletePrefix)) deleteFromList(merged, key.slice(deletePrefix.length), value);
    else if (value === null) delete merged[key];
    else mergeField(merged, key, value, fieldOf(type, key));
  }
  return merged;
}

function obeyDirective(patch: JsonObject): JsonObject {
  const { $patch: directive, ...rest } = patch;
  if (directive === "replace") return withoutDirectives(rest) as JsonObject;
  if (directive === "delete") return {};
  throw refused(`unknown patch type ${JSON.stringify(directive)}: $patch is replace or delete`);
}

function retainKeys(original: JsonObject, patch: JsonObject): void {
  if (!Object.hasOwn(patch, "$retainKeys")) return;
  const retained = patch["$retainKeys"];
  if (!Array.isArray(retained)) throw refused("$retainKeys is a list of field names");
  delete patch["$retainKeys"];
  for (const [key, value] of Object.entries(patch)) {
    if (value !== null && !isParallel(key) && !retained.includes(key)) {
      throw refused(`the patch sets ${key}, which its $retainKeys does not name`);
    }
  }
  for (const key of Object.keys(original)) if (!retained.includes(key)) delete original[key];
}

/** Merges each list that has a `$setElementOrder`, and takes both out of the patch. */
function mergeInOrder(original: JsonObject, patch: JsonObject, type: string | undefined): void {
  for (const directive of Object.keys(patch)) {
    if (!directive.startsWith(orderPrefix)) continue;
    const order = patch[directive];
    const key = directive.slice(orderPrefix.length);
    if (!Array.isArray(order)) throw refused(`${directive} is a list`);
    const [before, change] = [original[key] ?? undefined, patch[key] ?? undefined];
    if (
      (before !== undefined && !Array.isArray(before)) ||
      (change !== undefined && !Array.isArray(change))
    ) {
      throw refused(`${directive} is for a list, and ${key} is none`);
    }
    delete patch[directive];
    if (patch[key] === null || (before === undefined && change === undefined)) continue;
    delete patch[key];
    setField(
      original,
      key,
      mergeList({ key, before, change, order, field: fieldOf(type, key), mergeObject }),
    );
  }
}

function deleteFromList(original: JsonObject, key: string, value: unknown): void {
  const list = original[key];
  if (!Array.isArray(list)) return;
  if (!Array.isArray(value)) throw refused(`${deletePrefix}${key} is a list`);
  original[key] = list.filter((item) => !value.includes(item));
}

function mergeField(original: JsonObject, key: string, value: unknown, field: FieldSchema | undefined): void {
  const before = Object.hasOwn(original, key) ? original[key] : undefined;
  if (isJsonObject(before) && isJsonObject(value) && !field?.patchStrategy.includes("replace")) {
    setField(original, key, mergeObject(before, value, field?.shape === "single" ? field.type : undefined));
  } else if (Array.isArray(before) && Array.isArray(value) && field?.patchStrategy.includes("merge")) {
    setField(original, key, mergeList({ key, before, change: value, order: undefined, field, mergeObject }));
  } else if (isDirective(value)) {
    delete original[key];
  } else {
    setField(original, key, withoutDirectives(value));
  }
}

function fieldOf(type: string | undefined, key: string): FieldSchema | undefined {
  return type === undefined ? undefined : findTypeSchema(type)?.get(key);
}
