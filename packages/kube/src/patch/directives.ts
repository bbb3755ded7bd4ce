import { SeaworthyError } from "@seaworthy/errors";
import { isJsonObject, setField, type JsonObject } from "./json-value.ts";

/** The prefix of a field that lists the scalars to delete from a list. */
export const deletePrefix = "$deleteFromPrimitiveList/";
/** The prefix of a field that gives the order of a list. */
export const orderPrefix = "$setElementOrder/";

/** A value of a patch as it goes into the document: no directives, and no nulls in objects. */
export function withoutDirectives(value: unknown): unknown {
  if (Array.isArray(value)) {
    return value.filter((item) => !isDirective(item)).map((item) => withoutDirectives(item));
  }
  if (!isJsonObject(value)) return value;
  const kept: JsonObject = {};
  for (const key of Object.keys(value)) {
    const item = value[key];
    if (item !== null && !isDirective(item) && !isParallel(key)) setField(kept, key, withoutDirectives(item));
  }
  return kept;
}

/** What an error about a strategic merge patch looks like. */
export function refused(message: string): SeaworthyError {
  return new SeaworthyError("SW1107", message);
}

/** Whether a value holds a `$patch` directive. */
export function isDirective(value: unknown): boolean {
  return isJsonObject(value) && Object.hasOwn(value, "$patch");
}

/** Whether a key is a directive about the fields beside it. */
export function isParallel(key: string): boolean {
  return key.startsWith(deletePrefix) || key.startsWith(orderPrefix) || key === "$retainKeys";
}
