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
