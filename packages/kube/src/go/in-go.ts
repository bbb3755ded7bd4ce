import { semanticEqual } from "../deep-equal.ts";
import { isJsonObject, type JsonObject } from "../patch/json-value.ts";
import { canonicalQuantity } from "../quantity/quantity.ts";
import { shownSelector } from "../kinds/meta/label-errors.ts";
import { escapeAsGo } from "./go-text.ts";
import { goTypes } from "./go-types.ts";
import { unifiedDiff } from "./unified-diff.ts";

/**
 * A value as the API server holds it in memory, which is what it shows of a struct in a message: the fields have their names
 * in Go, and none is missing. `type` is one of `shown` of the generated file: `core.Toleration`.
 */
export function inGo(type: string, value: unknown): unknown {
  if (type.startsWith("*")) return value === undefined || value === null ? null : inGo(type.slice(1), value);
  if (type.startsWith("[]"))
    return Array.isArray(value) ? value.map((item) => inGo(type.slice(2), item)) : null;
  if (type.startsWith("{}")) return mapInGo(type.slice(2), value);
  switch (type) {
    case "string":
      return value ?? "";
    case "bool":
      return value ?? false;
    case "number":
      return value ?? 0;
    case "quantity":
      return canonicalQuantity((value ?? "0") as string);
    case "selector":
      return shownSelector(value ?? {});
    case "bytes":
    case "json":
      return sortedKeys(value ?? null);
    default:
      return structInGo(type, value);
  }
}

/** Whether two values of a type are equal in memory, where a field that is not given has its zero value. */
export function equalInGo(type: string, a: unknown, b: unknown): boolean {
  return semanticEqual(a, b) || semanticEqual(inGo(type, a), inGo(type, b));
}

/** What differs between two values of a type, as the API server tells it. */
export function diffInGo(type: string, before: unknown, after: unknown): string {
  const text = (value: unknown): string => escapeAsGo(JSON.stringify(inGo(type, value), null, 1));
  return unifiedDiff(text(before), text(after));
}

function structInGo(type: string, value: unknown): JsonObject {
  const fields = goTypes.shown[type];
  if (fields === undefined) throw new TypeError(`${type} is not among the types that are shown`);
  const object = isJsonObject(value) ? (conversions[type]?.(value) ?? value) : {};
  const struct: JsonObject = {};
  for (const field of fields.split(" ")) {
    const [name = "", own = ""] = field.split(":");
    if (name.startsWith("+")) {
      Object.assign(struct, embeddedInGo(name.slice(1), object));
    } else if (name !== "") {
      const [shown = "", json = `${shown.slice(0, 1).toLowerCase()}${shown.slice(1)}`] = name.split("=");
      struct[shown] = inGo(own, object[json]);
    }
  }
  return struct;
}

/** The metadata of a template keeps its names in JSON. */
function embeddedInGo(type: string, object: JsonObject): JsonObject {
  if (type !== "json") return structInGo(type, object);
  return isJsonObject(object["metadata"]) ? object["metadata"] : {};
}

/** Where memory has a field in another place than JSON has it. */
const conversions: Readonly<Record<string, (object: JsonObject) => JsonObject>> = {
  "core.PodSpec": ({
    securityContext,
    hostNetwork,
    hostPID,
    hostIPC,
    shareProcessNamespace,
    hostUsers,
    ...spec
  }) => ({
    ...spec,
    securityContext: {
      ...(isJsonObject(securityContext) ? securityContext : {}),
      hostNetwork,
      hostPID,
      hostIPC,
      shareProcessNamespace,
      hostUsers,
    },
  }),
};

function mapInGo(type: string, value: unknown): unknown {
  if (!isJsonObject(value)) return null;
  const sorted = sortedKeys(value) as JsonObject;
  return Object.fromEntries(Object.entries(sorted).map(([key, item]) => [key, inGo(type, item)]));
}

/** Maps are written in the order of their keys. */
function sortedKeys(value: unknown): unknown {
  if (!isJsonObject(value)) return value;
  return Object.fromEntries(Object.entries(value).toSorted(([left], [right]) => (left < right ? -1 : 1)));
}
