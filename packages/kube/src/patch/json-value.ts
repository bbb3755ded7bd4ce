/** A JSON object. */
export type JsonObject = { [key: string]: unknown };

/** Whether a value is a JSON object, and not null or an array. */
export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Sets a field of its own even when the key is `__proto__`, which JSON may hold. */
export function setField(object: JsonObject, key: string, value: unknown): void {
  if (key !== "__proto__") object[key] = value;
  else Object.defineProperty(object, key, { value, writable: true, enumerable: true, configurable: true });
}

/** A copy of a JSON value that shares nothing with it. */
export function cloneJson<T>(value: T): T {
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map(cloneJson) as T;
  const copy: JsonObject = {};
  for (const [key, item] of Object.entries(value)) setField(copy, key, cloneJson(item));
  return copy as T;
}
