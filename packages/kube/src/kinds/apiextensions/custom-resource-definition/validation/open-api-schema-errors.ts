import {
  itemListOf,
  itemsOf,
  valuesOf,
  type JSONSchemaProps,
} from "../../../../custom-kinds/json-schema-props.ts";
import { typeAndMetadata } from "../../../../custom-kinds/prune.ts";
import {
  forbiddenValue,
  invalidValue,
  requiredValue,
  unsupportedText,
  type FieldError,
  type FieldErrors,
} from "../../../field-error.ts";
import { listErrors } from "./list-schema-errors.ts";
import { ruleTextErrors } from "./rule-text-errors.ts";

const types = ["array", "boolean", "integer", "number", "object", "string"];

/** What a node of the schema is inside of. */
interface Place {
  readonly isRoot: boolean;
  /** Why no default may stand here. */
  readonly forbidsDefaults: string | undefined;
  readonly isInsideMeta: boolean;
}

/** What is no part of the schema of a custom kind (ValidateCustomResourceDefinitionOpenAPISchema). */
export function openApiSchemaErrors(field: string, schema: JSONSchemaProps): FieldError[] {
  return [...nodeErrors(schema, field, { isRoot: true, forbidsDefaults: undefined, isInsideMeta: false })];
}

function* nodeErrors(schema: JSONSchemaProps, field: string, place: Place): FieldErrors {
  yield* standardErrors(schema, field, place);
  if (schema.uniqueItems === true)
    yield forbiddenValue(
      `${field}.uniqueItems`,
      "uniqueItems cannot be set to true since the runtime complexity becomes quadratic",
    );
  yield* childErrors(schema, field, { ...place, isRoot: false }, place.isRoot);
  if (schema["x-kubernetes-preserve-unknown-fields"] === false)
    yield invalidValue(`${field}.x-kubernetes-preserve-unknown-fields`, false, "must be true or undefined");
  yield* mapTypeErrors(schema, field);
  yield* listErrors(schema, field);
  yield* ruleTextErrors(schema, field);
}

function* standardErrors(schema: JSONSchemaProps, field: string, place: Place): FieldErrors {
  const { type = "" } = schema;
  if (type !== "" && !types.includes(type)) yield unsupportedText(`${field}.type`, type, types);
  if (schema.default !== undefined && place.forbidsDefaults !== undefined)
    yield forbiddenValue(`${field}.default`, `must not be set ${place.forbidsDefaults}`);
  for (const key of [
    "id",
    "additionalItems",
    "patternProperties",
    "definitions",
    "dependencies",
    "$ref",
  ] as const)
    if (schema[key] !== undefined && !isEmpty(schema[key]))
      yield forbiddenValue(`${field}.${key}`, `${key} is not supported`);
  if (type === "null")
    yield forbiddenValue(`${field}.type`, "type cannot be set to null, use nullable as an alternative");
  if (itemListOf(schema).length > 0)
    yield forbiddenValue(`${field}.items`, "items must be a schema object and not an array");
  if (place.isInsideMeta && schema["x-kubernetes-embedded-resource"] === true)
    yield forbiddenValue(
      `${field}.x-kubernetes-embedded-resource`,
      "must not be used inside of resource meta",
    );
}

function isEmpty(value: unknown): boolean {
  return value === "" || (typeof value === "object" && value !== null && Object.keys(value).length === 0);
}

function* childErrors(schema: JSONSchemaProps, field: string, place: Place, isRoot: boolean): FieldErrors {
  const values = valuesOf(schema);
  const hasProperties = Object.keys(schema.properties ?? {}).length > 0;
  if (hasProperties && (schema.additionalProperties === false || values !== undefined))
    yield forbiddenValue(
      `${field}.additionalProperties`,
      "additionalProperties and properties are mutual exclusive",
    );
  if (values !== undefined) {
    const inMeta = "inside additionalProperties applying to object metadata";
    const inner = place.isInsideMeta ? { ...place, forbidsDefaults: inMeta } : place;
    yield* nodeErrors(values, `${field}.additionalProperties`, inner);
  }
  const isResource = isRoot || schema["x-kubernetes-embedded-resource"] === true;
  for (const [key, property] of Object.entries(schema.properties ?? {})) {
    const isMeta = isResource && typeAndMetadata.has(key);
    const inner = isMeta
      ? { ...place, isInsideMeta: true, ...(isRoot ? { forbidsDefaults: `in top-level ${key}` } : {}) }
      : place;
    yield* nodeErrors(property, `${field}.properties[${key}]`, inner);
  }
  if (schema.not !== undefined) yield* nodeErrors(schema.not, `${field}.not`, place);
  for (const junctor of ["allOf", "oneOf", "anyOf"] as const)
    for (const [index, each] of (schema[junctor] ?? []).entries())
      yield* nodeErrors(each, `${field}.${junctor}[${index}]`, place);
  const items = itemsOf(schema);
  if (items !== undefined) yield* nodeErrors(items, `${field}.items`, place);
  for (const [index, each] of itemListOf(schema).entries())
    yield* nodeErrors(each, `${field}.items[${index}]`, place);
}

function* mapTypeErrors(schema: JSONSchemaProps, field: string): FieldErrors {
  const { type = "", "x-kubernetes-map-type": mapType } = schema;
  if (mapType === undefined) return;
  const detail = "must be object if x-kubernetes-map-type is specified";
  if (type === "") yield requiredValue(`${field}.type`, detail);
  else if (type !== "object") yield invalidValue(`${field}.type`, type, detail);
  if (mapType !== "atomic" && mapType !== "granular")
    yield unsupportedText(`${field}.x-kubernetes-map-type`, mapType, ["atomic", "granular"]);
}
