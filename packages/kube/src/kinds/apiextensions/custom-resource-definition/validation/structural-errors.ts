import { goPattern } from "../../../../custom-kinds/go-pattern.ts";
import {
  itemsOf,
  propertyOf,
  valuesOf,
  type JSONSchemaProps,
} from "../../../../custom-kinds/json-schema-props.ts";
import { deepEqual } from "../../../../deep-equal.ts";
import {
  forbiddenValue,
  invalidValue,
  requiredValue,
  type FieldError,
  type FieldErrors,
} from "../../../field-error.ts";

type Level = "root" | "item" | "field";

/**
 * Where a schema is not structural: it has to say the type of every field outside of allOf, anyOf, oneOf and not
 * (https://github.com/kubernetes/apiextensions-apiserver/blob/v0.36.3/pkg/apiserver/schema/validation.go).
 */
export function structuralErrors(field: string, schema: JSONSchemaProps): FieldError[] {
  const errors = [
    ...invariantErrors(schema, "root", field),
    ...completenessErrors(schema, schema, field, field),
  ];
  const text = ({ field: at, message }: FieldError) => `${at}: ${message}`;
  return errors.toSorted((left, right) => (text(left) < text(right) ? -1 : 1));
}

function* invariantErrors(schema: JSONSchemaProps, level: Level, field: string): FieldErrors {
  const items = itemsOf(schema);
  if (schema.type === "array" && items === undefined)
    yield requiredValue(`${field}.items`, "must be specified");
  if (items !== undefined) yield* invariantErrors(items, "item", `${field}.items`);
  for (const [key, property] of Object.entries(schema.properties ?? {}))
    yield* invariantErrors(property, "field", `${field}.properties[${key}]`);
  if (schema.additionalProperties !== undefined && level === "root")
    yield forbiddenValue(`${field}.additionalProperties`, "must not be used at the root");
  const values = valuesOf(schema);
  if (values !== undefined) yield* invariantErrors(values, "field", `${field}.additionalProperties`);
  yield* extensionErrors(schema, field);
  yield* junctorErrors(
    schema,
    { anyOf: isIntOrString(schema.anyOf), firstAllOf: isIntOrString(schema.allOf?.[0]?.anyOf) },
    field,
  );
  yield* typeErrors(schema, level, field);
  yield* metaErrors(schema, level, field);
}

const intOrString = [{ type: "integer" }, { type: "string" }];

function isIntOrString(anyOf: readonly JSONSchemaProps[] | undefined): boolean {
  return deepEqual(anyOf, intOrString);
}

function* extensionErrors(schema: JSONSchemaProps, field: string): FieldErrors {
  if (schema["x-kubernetes-int-or-string"] !== true) return;
  for (const extension of ["x-kubernetes-preserve-unknown-fields", "x-kubernetes-embedded-resource"] as const)
    if (schema[extension] === true)
      yield invalidValue(
        `${field}.${extension}`,
        true,
        "must be false if x-kubernetes-int-or-string is true",
      );
}

function* typeErrors(schema: JSONSchemaProps, level: Level, field: string): FieldErrors {
  const { type = "" } = schema;
  const isEmbedded = schema["x-kubernetes-embedded-resource"] === true;
  if (isEmbedded && type !== "object") {
    const detail = "must be object if x-kubernetes-embedded-resource is true";
    yield type === "" ? requiredValue(`${field}.type`, detail) : invalidValue(`${field}.type`, type, detail);
  } else if (
    type === "" &&
    schema["x-kubernetes-int-or-string"] !== true &&
    schema["x-kubernetes-preserve-unknown-fields"] !== true
  ) {
    const where = {
      root: "at the root",
      item: "for specified array items",
      field: "for specified object fields",
    };
    yield requiredValue(`${field}.type`, `must not be empty ${where[level]}`);
  }
  if (isEmbedded && schema.additionalProperties !== undefined)
    yield forbiddenValue(
      `${field}.additionalProperties`,
      "must not be used if x-kubernetes-embedded-resource is set",
    );
  if (level === "root" && type !== "" && type !== "object")
    yield invalidValue(`${field}.type`, type, "must be object at the root");
}

function* metaErrors(schema: JSONSchemaProps, level: Level, field: string): FieldErrors {
  const isEmbedded = schema["x-kubernetes-embedded-resource"] === true;
  const isResource = level === "root" || isEmbedded;
  for (const key of ["kind", "apiVersion"]) {
    const property = propertyOf(schema, key);
    if (isResource && property !== undefined && property.type !== "string")
      yield invalidValue(`${field}.properties[${key}].type`, property.type ?? "", "must be string");
  }
  const metadata = propertyOf(schema, "metadata");
  if (metadata !== undefined && isResource && metadata.type !== "object")
    yield invalidValue(`${field}.properties[metadata].type`, metadata.type ?? "", "must be object");
  if (metadata !== undefined && level === "root" && !saysOnlyNames(metadata))
    yield forbiddenValue(
      `${field}.properties[metadata]`,
      "must not specify anything other than name and generateName, but metadata is implicitly specified",
    );
  if (isEmbedded && schema["x-kubernetes-preserve-unknown-fields"] !== true && isEmpty(schema.properties))
    yield requiredValue(
      `${field}.properties`,
      "must not be empty if x-kubernetes-embedded-resource is true without x-kubernetes-preserve-unknown-fields",
    );
}

function saysOnlyNames({
  type: _type,
  default: _default,
  properties = {},
  ...rest
}: JSONSchemaProps): boolean {
  return isEmpty(rest) && Object.keys(properties).every((key) => key === "name" || key === "generateName");
}

function isEmpty(object: object | undefined): boolean {
  return object === undefined || Object.keys(object).length === 0;
}

/** validateValueValidation: what is inside allOf, anyOf, oneOf and not; two forms of int-or-string are let pass. */
function* junctorErrors(
  schema: JSONSchemaProps,
  skip: { readonly anyOf: boolean; readonly firstAllOf: boolean },
  field: string,
): FieldErrors {
  const { anyOf = [], allOf = [], oneOf = [], not, pattern = "" } = schema;
  if (!skip.anyOf)
    for (const [index, each] of anyOf.entries()) yield* nestedErrors(each, false, `${field}.anyOf[${index}]`);
  for (const [index, each] of allOf.entries())
    yield* nestedErrors(each, skip.firstAllOf && index === 0, `${field}.allOf[${index}]`);
  for (const [index, each] of oneOf.entries()) yield* nestedErrors(each, false, `${field}.oneOf[${index}]`);
  if (not !== undefined) yield* nestedErrors(not, false, `${field}.not`);
  if (pattern !== "") yield* patternErrors(`${field}.pattern`, pattern);
}

function* patternErrors(field: string, pattern: string): FieldErrors {
  try {
    goPattern(pattern);
  } catch (error) {
    const why = `must be a valid regular expression, but isn't: ${patternProblem(pattern, error as Error)}`;
    yield invalidValue(field, pattern, why);
  }
}

/** What Go says of a pattern, as far as JavaScript says the same. */
function patternProblem(pattern: string, { message }: Error): string {
  const known: Readonly<Record<string, string>> = {
    "Unterminated group": "missing closing )",
    "Unterminated character class": "missing closing ]",
    "Unmatched ')'": "unexpected )",
    "Nothing to repeat": "missing argument to repetition operator",
  };
  const [, said] = Object.entries(known).find(([ours]) => message.endsWith(ours)) ?? [];
  return said === undefined ? message : `error parsing regexp: ${said}: \`${pattern}\``;
}

function* nestedErrors(schema: JSONSchemaProps, skipAnyOf: boolean, field: string): FieldErrors {
  yield* junctorErrors(schema, { anyOf: skipAnyOf, firstAllOf: false }, field);
  const items = itemsOf(schema);
  if (items !== undefined) yield* nestedErrors(items, false, `${field}.items`);
  for (const [key, property] of Object.entries(schema.properties ?? {}))
    yield* nestedErrors(property, false, `${field}.properties[${key}]`);
  for (const [key, what] of forbiddenInside) {
    const value = schema[key];
    const isAbsent =
      value === undefined ||
      value === null ||
      value === "" ||
      value === false ||
      (Array.isArray(value) && value.length === 0);
    if (!isAbsent) yield forbiddenValue(`${field}.${key}`, `must be ${what} to be structural`);
  }
  if (propertyOf(schema, "metadata") !== undefined)
    yield forbiddenValue(`${field}.properties[metadata]`, "must not be specified in a nested context");
}

const forbiddenInside: readonly (readonly [keyof JSONSchemaProps, string])[] = [
  ["type", "empty"],
  ["additionalProperties", "undefined"],
  ["default", "undefined"],
  ["title", "empty"],
  ["description", "empty"],
  ["nullable", "false"],
  ["x-kubernetes-preserve-unknown-fields", "false"],
  ["x-kubernetes-embedded-resource", "false"],
  ["x-kubernetes-int-or-string", "false"],
  ["x-kubernetes-list-map-keys", "empty"],
  ["x-kubernetes-list-type", "undefined"],
  ["x-kubernetes-map-type", "undefined"],
  ["x-kubernetes-validations", "empty"],
];

/** Fields that a junctor speaks of have to be among the schema's own (validateStructuralCompleteness). */
function* completenessErrors(
  nested: JSONSchemaProps,
  own: JSONSchemaProps,
  ownField: string,
  nestedField: string,
): FieldErrors {
  if (nested.not !== undefined) yield* nestedCompleteness(nested.not, own, ownField, `${nestedField}.not`);
  for (const junctor of ["allOf", "anyOf", "oneOf"] as const)
    for (const [index, each] of (nested[junctor] ?? []).entries())
      yield* nestedCompleteness(each, own, ownField, `${nestedField}.${junctor}[${index}]`);
  // Kubernetes looks at the root of the schema only, and so do we.
}

function* nestedCompleteness(
  nested: JSONSchemaProps,
  own: JSONSchemaProps | undefined,
  ownField: string,
  nestedField: string,
): FieldErrors {
  if (own === undefined) {
    yield requiredValue(ownField, `because it is defined in ${nestedField}`);
    return;
  }
  yield* completenessErrors(nested, own, ownField, nestedField);
  const items = itemsOf(nested);
  if (items !== undefined)
    yield* nestedCompleteness(items, itemsOf(own), `${ownField}.items`, `${nestedField}.items`);
  for (const [key, property] of Object.entries(nested.properties ?? {}))
    yield* nestedCompleteness(
      property,
      propertyOf(own, key),
      `${ownField}.properties[${key}]`,
      `${nestedField}.properties[${key}]`,
    );
}
