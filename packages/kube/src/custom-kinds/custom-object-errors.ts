import { invalidValue, type FieldError, type FieldErrors } from "../kinds/field-error.ts";
import { qualifiedName } from "../kinds/meta/names.ts";
import { objectMetaErrors, objectMetaUpdateErrors } from "../kinds/meta/object-meta-errors.ts";
import type { KubeObject } from "../object.ts";
import { ruleErrors } from "./cel/rule-errors.ts";
import { correlate } from "./correlation.ts";
import type { ScalePaths } from "./custom-resource-definition.ts";
import { embeddedResourceErrors } from "./embedded-resources.ts";
import { propertyOf, type JSONSchemaProps } from "./json-schema-props.ts";
import { listErrors } from "./list-errors.ts";
import { scaleSpecErrors, scaleStatusErrors } from "./scale-paths.ts";
import { schemaErrors } from "./schema-errors.ts";

/** What the rules for the objects of a custom kind in one version are made of. */
export interface CustomRules {
  readonly schema: JSONSchemaProps | undefined;
  readonly scale: ScalePaths | undefined;
}

/**
 * What is refused in a new custom object.
 * https://github.com/kubernetes/apiextensions-apiserver/blob/v0.36.3/pkg/registry/customresource/strategy.go
 */
export function* customObjectErrors(object: KubeObject, { schema, scale }: CustomRules): FieldErrors {
  const errors = [...objectMetaErrors(object)];
  if (schema !== undefined) errors.push(...schemaErrors(object, schema));
  if (scale !== undefined)
    errors.push(...scaleSpecErrors(object, scale), ...scaleStatusErrors(object, scale));
  errors.push(...embeddedResourceErrors(object, schema), ...listErrors(object, schema));
  yield* errors;
  yield* ruleErrorsUnlessBlocked(errors, object, undefined, schema);
}

/** What is refused in a custom object that takes the place of an older one. */
export function* customObjectUpdateErrors(
  object: KubeObject,
  old: KubeObject,
  { schema, scale }: CustomRules,
): FieldErrors {
  const errors = [...objectMetaUpdateErrors(object, old)];
  if (schema !== undefined)
    errors.push(...schemaErrors(object, schema, { correlation: correlate(object, old, schema) }));
  if (scale !== undefined)
    errors.push(...scaleSpecErrors(object, scale), ...scaleStatusErrors(object, scale));
  errors.push(...embeddedResourceErrors(object, schema), ...newListErrors(object, old, schema));
  yield* errors;
  yield* ruleErrorsUnlessBlocked(errors, object, old, schema);
}

/** What is refused in a change of the status. */
export function* customStatusErrors(
  object: KubeObject,
  old: KubeObject,
  { schema, scale }: CustomRules,
): FieldErrors {
  const errors = [...objectMetaUpdateErrors(object, old)];
  const status = propertyOf(schema, "status");
  if (status !== undefined && "status" in object) {
    const correlation = correlate(object["status"], old["status"], status);
    errors.push(...schemaErrors(object["status"], status, { prefix: "status", correlation }));
  }
  if (scale !== undefined) errors.push(...scaleStatusErrors(object, scale));
  errors.push(...newListErrors(object, old, schema));
  yield* errors;
  yield* ruleErrorsUnlessBlocked(errors, object, old, schema);
}

/** Of finalizers that have no domain a client is warned, once for each. */
export function* finalizerWarnings({ metadata }: KubeObject, old: KubeObject | undefined): Generator<string> {
  const before = new Set(old?.metadata.finalizers);
  const added = (metadata.finalizers ?? []).filter((finalizer) => !before.has(finalizer));
  for (const finalizer of new Set(added.toSorted())) {
    const about = `metadata.finalizers: ${JSON.stringify(finalizer)}:`;
    for (const reason of qualifiedName(finalizer)) yield `${about} ${reason}`;
    if (finalizer.includes("/") || standardFinalizers.has(finalizer)) continue;
    const path = finalizer.includes(".") ? " including a path (/)" : "";
    yield `${about} prefer a domain-qualified finalizer name${path} to avoid accidental conflicts with other finalizer writers`;
  }
}

const standardFinalizers: ReadonlySet<string> = new Set(["orphan", "foregroundDeletion", "kubernetes"]);

/** Items that were there twice before the change may stay so. */
function newListErrors(
  object: KubeObject,
  old: KubeObject,
  schema: JSONSchemaProps | undefined,
): FieldError[] {
  const errors = [...listErrors(object, schema)];
  return errors.length > 0 && [...listErrors(old, schema)].length > 0 ? [] : errors;
}

const blocking: ReadonlySet<FieldError["reason"]> = new Set([
  "FieldValueNotSupported",
  "FieldValueRequired",
  "FieldValueTooLong",
  "FieldValueTooMany",
  "FieldValueTypeInvalid",
]);

/** Rules are asked only about an object of the right shape. */
function* ruleErrorsUnlessBlocked(
  errors: readonly FieldError[],
  object: KubeObject,
  old: KubeObject | undefined,
  schema: JSONSchemaProps | undefined,
): FieldErrors {
  if (schema === undefined) return;
  const rules = ruleErrors(object, old, schema);
  if (rules === undefined) return;
  if (errors.some(({ reason }) => blocking.has(reason)))
    yield invalidValue(
      "<nil>",
      null,
      "some validation rules were not checked because the object was invalid; correct the existing errors to complete validation",
    );
  else yield* rules();
}
