import { cloneJson, isJsonObject } from "./json-value.ts";

/** Applies an RFC 7386 merge patch to a copy: null deletes, objects merge, all else replaces. */
export function mergePatch(doc: unknown, patch: unknown): unknown {
  if (!isJsonObject(patch)) return cloneJson(patch);
  const merged = new Map<string, unknown>(isJsonObject(doc) ? Object.entries(cloneJson(doc)) : []);
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) merged.delete(key);
    else if (value !== undefined) merged.set(key, mergePatch(merged.get(key), value));
  }
  return Object.fromEntries(merged);
}
