import { isJsonObject, type JsonObject } from "../patch/json-value.ts";

/** The object in a field, made when it is absent. A wrong value stays where it is, for validation to name. */
export function objectIn(object: JsonObject, key: string): JsonObject {
  object[key] ??= {};
  const value = object[key];
  return isJsonObject(value) ? value : {};
}

/** Sets a field that is absent. */
export function whenAbsent(object: JsonObject, key: string, value: unknown): void {
  if (value !== undefined) object[key] ??= value;
}

/** Sets a field that is absent or, as Kubernetes cannot tell the two apart, has a zero value. */
export function whenEmpty(object: JsonObject, key: string, value: unknown): void {
  if (isEmpty(object[key]) && value !== undefined) object[key] = value;
}

/** Whether a field is absent or has a zero value. */
export function isEmpty(value: unknown): boolean {
  return value === undefined || value === null || value === "" || value === 0;
}
