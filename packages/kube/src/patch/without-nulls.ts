import { isJsonObject } from "./json-value.ts";

/** A value without the fields that are null: the API server takes these as not written. The same value where there are none. */
export function withoutNulls<T>(value: T): T {
  if (Array.isArray(value)) {
    const items = value.map(withoutNulls);
    return items.some((item, index) => item !== value[index]) ? (items as T) : value;
  }
  if (!isJsonObject(value)) return value;
  const given = Object.entries(value).filter(([, each]) => each !== null);
  const kept = given.map(([name, each]) => [name, withoutNulls(each)] as const);
  const isSame =
    given.length === Object.keys(value).length && kept.every(([name, each]) => each === value[name]);
  return isSame ? value : (Object.fromEntries(kept) as T);
}
