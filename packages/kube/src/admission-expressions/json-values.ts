import { isJsonObject } from "../patch/json-value.ts";

/** A JSON value as expressions about whole objects see it: numbers without a fraction are integers. */
export function fromJson(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(fromJson);
  if (isJsonObject(value)) return new Map(Object.entries(value).map(([key, each]) => [key, fromJson(each)]));
  if (typeof value === "number" && Number.isInteger(value)) return BigInt(value);
  return value ?? null;
}
