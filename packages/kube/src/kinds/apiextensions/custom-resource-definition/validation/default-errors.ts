import { deepEqual } from "../../../../deep-equal.ts";
import {
  embeddedResourceErrors,
  readEmbeddedResources,
} from "../../../../custom-kinds/embedded-resources.ts";
import { itemsOf, type JSONSchemaProps } from "../../../../custom-kinds/json-schema-props.ts";
import { prune } from "../../../../custom-kinds/prune.ts";
import { schemaErrors } from "../../../../custom-kinds/schema-errors.ts";
import { invalidValue, type FieldErrors } from "../../../field-error.ts";

/**
 * Defaults that their own schema would not take
 * (https://github.com/kubernetes/apiextensions-apiserver/blob/v0.36.3/pkg/apiserver/schema/defaulting/validation.go).
 * Those of maps are not looked at, since none are filled in there.
 */
export function* defaultErrors(field: string, schema: JSONSchemaProps): FieldErrors {
  if (schema.default !== undefined && schema.default !== null)
    yield* oneDefaultErrors(`${field}.default`, schema);
  const items = itemsOf(schema);
  if (items !== undefined) yield* defaultErrors(`${field}.items`, items);
  for (const [key, property] of Object.entries(schema.properties ?? {}))
    yield* defaultErrors(`${field}.properties[${key}]`, property);
}

function* oneDefaultErrors(field: string, schema: JSONSchemaProps): FieldErrors {
  const value = structuredClone(schema.default);
  prune(value, schema, schema["x-kubernetes-embedded-resource"] === true);
  if (!deepEqual(value, schema.default))
    yield invalidValue(field, schema.default, "must not have unknown fields");
  const { wrong } = readEmbeddedResources(structuredClone(schema.default), schema);
  if (wrong !== undefined) {
    yield wrong;
    return;
  }
  const embedded = [...embeddedResourceErrors(schema.default, schema, field)];
  yield* embedded;
  if (embedded.length === 0) yield* schemaErrors(schema.default, schema, { prefix: field });
}
