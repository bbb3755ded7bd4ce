import { isJsonObject } from "./json-value.ts";

/** A value without the fields that are null: the API server takes these as not written. The same value where there are none. */
export function withoutNulls<T>(value: T): T {
  return hasNull(value) ? (stripped(value) as T) : value;
}

/** Nearly all values have none, and looking makes nothing new. */
function hasNull(value: unknown): boolean {
  if (Array.isArray(value)) return value.some(hasNull);
  if (!isJsonObject(value)) return false;
  for (const key of Object.keys(value)) if (value[key] === null || hasNull(value[key])) return true;
  return false;
}

/** In a list null is an item. */
function stripped(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(stripped);
  if (!isJsonObject(value)) return value;
  const given = Object.entries(value).filter(([, each]) => each !== null);
  return Object.fromEntries(given.map(([name, each]) => [name, stripped(each)]));
}
