import {
  itemListOf,
  itemsOf,
  propertyOf,
  type JSONSchemaProps,
} from "../../../../custom-kinds/json-schema-props.ts";
import {
  forbiddenValue,
  invalidValue,
  requiredValue,
  unsupportedText,
  type FieldErrors,
} from "../../../field-error.ts";

const listTypes = ["atomic", "set", "map"];

/** What is wrong with how a list is merged. */
export function* listErrors(schema: JSONSchemaProps, field: string): FieldErrors {
  const { type = "", "x-kubernetes-list-type": listType, "x-kubernetes-list-map-keys": keys = [] } = schema;
  const items = itemsOf(schema);
  if (listType !== undefined && type !== "array") {
    const detail = "must be array if x-kubernetes-list-type is specified";
    yield type === "" ? requiredValue(`${field}.type`, detail) : invalidValue(`${field}.type`, type, detail);
  } else if (listType === "set" && items !== undefined) yield* setItemErrors(items, `${field}.items`);
  if (listType !== undefined && !listTypes.includes(listType))
    yield unsupportedText(`${field}.x-kubernetes-list-type`, listType, listTypes);
  if (keys.length > 0 && listType !== "map") {
    const at = `${field}.x-kubernetes-list-type`;
    const detail = "must be map if x-kubernetes-list-map-keys is non-empty";
    yield listType === undefined ? requiredValue(at, detail) : invalidValue(at, listType, detail);
  }
  if (listType === "map") yield* mapErrors(schema, field, keys, items);
  if (items !== undefined && (listType === "map" || listType === "set"))
    yield* itemErrors(items, `${field}.items`, listType, keys);
}

function* setItemErrors(items: JSONSchemaProps, field: string): FieldErrors {
  const detail = "must be atomic as item of a list with x-kubernetes-list-type=set";
  const listType = items["x-kubernetes-list-type"];
  const at = items.type === "array" ? "x-kubernetes-list-type" : "x-kubernetes-map-type";
  const isAtomic =
    items.type === "array"
      ? listType === undefined || listType === "atomic"
      : items.type !== "object" || items["x-kubernetes-map-type"] === "atomic";
  // Kubernetes shows the type of the list in both cases.
  if (!isAtomic) yield invalidValue(`${field}.${at}`, listType ?? null, detail);
}

function* mapErrors(
  schema: JSONSchemaProps,
  field: string,
  keys: readonly string[],
  items: JSONSchemaProps | undefined,
): FieldErrors {
  const at = `${field}.x-kubernetes-list-map-keys`;
  if (keys.length === 0) yield requiredValue(at, "must not be empty if x-kubernetes-list-type is map");
  if (schema.items === undefined)
    yield requiredValue(`${field}.items`, "must have a schema if x-kubernetes-list-type is map");
  if (itemListOf(schema).length > 0)
    yield invalidValue(
      `${field}.items`,
      schema.items,
      "must only have a single schema if x-kubernetes-list-type is map",
    );
  if (items === undefined) return;
  if (items.type !== "object") {
    const detail = "must be object if parent array's x-kubernetes-list-type is map";
    yield invalidValue(`${field}.items.type`, items.type ?? "", detail);
    return;
  }
  for (const [index, key] of keys.entries()) {
    const property = propertyOf(items, key);
    if (property === undefined) yield invalidValue(at, keys, "entries must all be names of item properties");
    else if (property.type === "array" || property.type === "object")
      yield invalidValue(
        `${field}.items.properties[${key}].type`,
        items.type,
        "must be a scalar type if parent array's x-kubernetes-list-type is map",
      );
    if (keys.indexOf(key) < index) yield invalidValue(at, keys, "must not contain duplicate entries");
  }
}

/** Keys have to be in every item (validateMapListKeysMapSet). */
function* itemErrors(
  items: JSONSchemaProps,
  field: string,
  listType: string,
  keys: readonly string[],
): FieldErrors {
  if (items.nullable === true)
    yield forbiddenValue(
      `${field}.nullable`,
      `cannot be nullable when x-kubernetes-list-type is ${listType}`,
    );
  if (listType !== "map") return;
  for (const key of keys) {
    const property = propertyOf(items, key);
    if (property === undefined) continue;
    const isKey = "this property is in x-kubernetes-list-map-keys, so it";
    if (!(items.required ?? []).includes(key) && property.default === undefined)
      yield requiredValue(
        `${field}.properties[${key}].default`,
        `${isKey} must have a default or be a required property`,
      );
    if (property.nullable === true)
      yield forbiddenValue(`${field}.properties[${key}].nullable`, `${isKey} cannot be nullable`);
  }
}
