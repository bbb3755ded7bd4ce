import { cloneJson, isJsonObject } from "./json-value.ts";

/**
 * What an RFC 7386 merge patch makes of a document: null deletes, objects merge, all else replaces. The document stays as it is;
 * the result shares with it what the patch does not touch.
 */
export function mergePatch(doc: unknown, patch: unknown): unknown {
  if (!isJsonObject(patch)) return cloneJson(patch);
  const merged = new Map<string, unknown>(isJsonObject(doc) ? Object.entries(doc) : []);
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) merged.delete(key);
    else if (value !== undefined) merged.set(key, mergePatch(merged.get(key), value));
  }
  return Object.fromEntries(merged);
}
