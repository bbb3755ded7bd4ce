import { isJsonObject, type JsonObject } from "../../patch/json-value.ts";
import { objectMetaMergeType } from "./built-in-merge-type.ts";
import {
  deducedType,
  untypedAtomic,
  type ListType,
  type MapField,
  type MapType,
  type MergeType,
  type ScalarType,
} from "./merge-type.ts";

/**
 * How objects of a custom kind merge, by the `openAPIV3Schema` of their version. Without one, all is deduced from the values.
 * https://github.com/kubernetes/kube-openapi/blob/master/pkg/schemaconv/openapi.go
 */
export function openApiMergeType(schema: JsonObject | undefined): MergeType {
  if (schema === undefined) return deducedType;
  const known = made.get(schema);
  if (known !== undefined) return known;
  const type = readType(schema, false);
  const map = type.map ?? { isAtomic: false, fields: new Map(), element: deducedType };
  const fields = new Map([...map.fields, ...objectFields()]);
  const whole = { map: { ...map, fields } };
  made.set(schema, whole);
  return whole;
}

const made = new WeakMap<JsonObject, MergeType>();

/** What every object has, whatever its schema says of it. */
function objectFields(): [string, MapField][] {
  return [
    ["apiVersion", { type: { scalar: "string" } }],
    ["kind", { type: { scalar: "string" } }],
    ["metadata", { type: objectMetaMergeType() }],
  ];
}

/** `keepsUnknown` is true below a schema that preserves unknown fields. */
function readType(schema: JsonObject, keepsUnknown: boolean): MergeType {
  const keeps = keepsUnknown || schema["x-kubernetes-preserve-unknown-fields"] === true;
  switch (schema["x-kubernetes-int-or-string"] === true ? undefined : schema["type"]) {
    case "object":
      return { map: readMap(schema, keeps) };
    case "array":
      return { list: readList(schema, keeps) };
    case "integer":
    case "number":
      return { scalar: "numeric" };
    case "boolean":
      return { scalar: "boolean" };
    case "string":
      return { scalar: stringType(schema["format"]) };
    default:
      return { scalar: "untyped", list: readList(schema, keeps), map: readMap(schema, keeps) };
  }
}

/** A string of a format may be anything. */
function stringType(format: unknown): ScalarType {
  return format === undefined || format === "" || format === "byte" ? "string" : "untyped";
}

function readMap(schema: JsonObject, keepsUnknown: boolean): MapType {
  const properties = isJsonObject(schema["properties"]) ? schema["properties"] : {};
  const fields = new Map<string, MapField>();
  for (const [name, property] of Object.entries(properties)) {
    if (!isJsonObject(property)) continue;
    const type = readType(property, keepsUnknown);
    fields.set(name, property["default"] === undefined ? { type } : { type, default: property["default"] });
  }
  if (schema["x-kubernetes-embedded-resource"] === true)
    for (const [name, field] of objectFields()) fields.set(name, field);
  return {
    isAtomic: schema["x-kubernetes-map-type"] === "atomic",
    fields,
    element: elementType(schema["additionalProperties"], keepsUnknown || fields.size === 0, keepsUnknown),
  };
}

/** The type of fields without a name in the schema. */
function elementType(
  additional: unknown,
  takesUnknown: boolean,
  keepsUnknown: boolean,
): MergeType | undefined {
  if (isJsonObject(additional)) return readType(additional, keepsUnknown);
  if (additional === true) return deducedType;
  return additional === undefined && takesUnknown ? deducedType : undefined;
}

function readList(schema: JsonObject, keepsUnknown: boolean): ListType {
  const { items, "x-kubernetes-list-type": listType } = schema;
  const keys = schema["x-kubernetes-list-map-keys"];
  return {
    relationship: listType === "set" || listType === "map" ? "associative" : "atomic",
    keys: listType === "map" && Array.isArray(keys) ? (keys as string[]) : [],
    element: isJsonObject(items) ? readType(items, keepsUnknown) : untypedAtomic,
  };
}
