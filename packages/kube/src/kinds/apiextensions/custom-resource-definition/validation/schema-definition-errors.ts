import type { CustomResourceDefinitionVersion } from "../../../../custom-kinds/custom-resource-definition.ts";
import type { JSONSchemaProps } from "../../../../custom-kinds/json-schema-props.ts";
import { forbiddenValue, invalidValue, type FieldErrors } from "../../../field-error.ts";
import { defaultErrors } from "./default-errors.ts";
import { openApiSchemaErrors } from "./open-api-schema-errors.ts";
import { ruleDefinitionErrors } from "./rule-definition-errors.ts";
import type { SpecContext } from "./spec-errors.ts";
import { structuralErrors } from "./structural-errors.ts";

/** What is wrong with the schema of a version (validateCustomResourceDefinitionValidation). */
export function* schemaDefinitionErrors(
  at: string,
  version: CustomResourceDefinitionVersion,
  { old }: SpecContext,
): FieldErrors {
  const schema = version.schema?.openAPIV3Schema;
  if (schema === undefined) return;
  const field = `${at}.openAPIV3Schema`;
  if (version.subresources?.status !== undefined) yield* rootErrors(field, schema);
  if (schema.nullable === true)
    yield forbiddenValue(`${field}.nullable`, "nullable cannot be true at the root");
  const structural = [...structuralErrors(field, schema)];
  const ownDefaults = structural.length > 0 ? [] : [...defaultErrors(field, schema)];
  yield* structural;
  yield* ownDefaults;
  const open = [...openApiSchemaErrors(field, schema)];
  yield* open;
  // Rules are read only where the types of what they are about are known.
  if (structural.length === 0 && ownDefaults.length === 0)
    yield* ruleDefinitionErrors(field, schema, open, ruleTextsOf(old));
}

function ruleTextsOf(old: SpecContext["old"]): readonly (JSONSchemaProps | undefined)[] {
  return (old?.versions ?? []).map((version) => version.schema?.openAPIV3Schema);
}

/** What may stand at the root, by the names that it has in Kubernetes' own type, so that the status can be checked alone. */
const allowedAtRoot: Readonly<Record<string, string>> = {
  description: "Description",
  type: "Type",
  format: "Format",
  title: "Title",
  maximum: "Maximum",
  exclusiveMaximum: "ExclusiveMaximum",
  minimum: "Minimum",
  exclusiveMinimum: "ExclusiveMinimum",
  maxLength: "MaxLength",
  minLength: "MinLength",
  pattern: "Pattern",
  maxItems: "MaxItems",
  minItems: "MinItems",
  uniqueItems: "UniqueItems",
  multipleOf: "MultipleOf",
  required: "Required",
  items: "Items",
  properties: "Properties",
  externalDocs: "ExternalDocs",
  example: "Example",
  "x-kubernetes-preserve-unknown-fields": "XPreserveUnknownFields",
  "x-kubernetes-validations": "XValidations",
};

function* rootErrors(field: string, schema: JSONSchemaProps): FieldErrors {
  if (schema.type !== undefined && schema.type !== "object") {
    const detail = `only "object" is allowed as the type at the root of the schema if the status subresource is enabled`;
    yield invalidValue(`${field}.type`, schema.type, detail);
    return;
  }
  const isEmpty = (value: unknown) =>
    value === undefined || value === false || value === "" || value === null;
  const other = Object.entries(schema).find(
    ([key, value]) => !Object.hasOwn(allowedAtRoot, key) && !isEmpty(value),
  );
  if (other !== undefined)
    yield invalidValue(
      field,
      schema,
      `only [${Object.values(allowedAtRoot).join(" ")}] fields are allowed at the root of the schema if the status subresource is enabled`,
    );
}
