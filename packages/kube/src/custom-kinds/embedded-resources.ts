import {
  invalidBecause,
  invalidValue,
  requiredValue,
  type FieldError,
  type FieldErrors,
} from "../kinds/field-error.ts";
import { dns1035Label, pathSegmentName } from "../kinds/meta/names.ts";
import { objectMetaErrors } from "../kinds/meta/object-meta-errors.ts";
import type { KubeObject } from "../object.ts";
import { isJsonObject, type JsonObject } from "../patch/json-value.ts";
import { validateType, type FieldProblem } from "../validation/validate-object.ts";
import { itemsOf, propertyOf, schemaOfKey, type JSONSchemaProps } from "./json-schema-props.ts";

/**
 * Reads the metadata of objects inside a custom object, in place: takes unknown fields out, and gives their paths, and says
 * what has the wrong type.
 * https://github.com/kubernetes/apiextensions-apiserver/blob/v0.36.3/pkg/apiserver/schema/objectmeta/algorithm.go
 */
export function readEmbeddedResources(
  value: unknown,
  schema: JSONSchemaProps | undefined,
): { readonly unknown: readonly string[]; readonly wrong: FieldError | undefined } {
  const unknown: string[] = [];
  const wrong: FieldError[] = [];
  for (const { object, path } of embeddedResources(value, schema, "")) {
    for (const field of ["apiVersion", "kind"])
      if (field in object && typeof object[field] !== "string")
        wrong.push(invalidValue(`${path}.${field}`, object[field], "must be a string"));
    if (!("metadata" in object)) continue;
    const read = readMetadata(object, path);
    unknown.push(...read.unknown);
    if (read.wrong !== undefined)
      wrong.push(invalidValue(`${path}.metadata`, object["metadata"], read.wrong));
  }
  return { unknown: unknown.sort(), wrong: wrong[0] };
}

/**
 * Reads the metadata of an object as every kind has it: takes unknown fields out, in place, and gives their paths, and
 * says what has the wrong type.
 */
export function readMetadata(
  object: JsonObject,
  path = "",
): { readonly unknown: readonly string[]; readonly wrong: string | undefined } {
  const at = path === "" ? "metadata" : `${path}.metadata`;
  const { metadata } = object;
  if (metadata === null) delete object["metadata"];
  if (metadata === undefined || metadata === null) return { unknown: [], wrong: undefined };
  const problems = validateType(metadata, "meta.v1.ObjectMeta", [at]);
  const unknown = problems.filter(({ kind }) => kind === "unknown-field");
  for (const problem of unknown) remove(metadata, problem);
  if (isJsonObject(metadata))
    for (const [key, value] of Object.entries(metadata)) if (value === null) delete metadata[key];
  return {
    unknown: unknown.map((problem) => [at, ...problem.path.slice(1)].join(".")),
    wrong: problems.find(({ kind }) => kind === "wrong-type")?.message,
  };
}

function remove(metadata: unknown, { path }: FieldProblem): void {
  const steps = path.slice(1);
  let holder = metadata as Record<string | number, unknown>;
  for (const step of steps.slice(0, -1)) holder = holder[step] as Record<string | number, unknown>;
  delete holder[steps.at(-1) ?? ""];
}

/**
 * What is wrong with objects inside a custom object.
 * https://github.com/kubernetes/apiextensions-apiserver/blob/v0.36.3/pkg/apiserver/schema/objectmeta/validation.go
 */
export function* embeddedResourceErrors(
  value: unknown,
  schema: JSONSchemaProps | undefined,
  at = "",
): FieldErrors {
  for (const { object, path } of embeddedResources(value, schema, at)) {
    if (!("apiVersion" in object)) yield requiredValue(`${path}.apiVersion`);
    if (!("kind" in object)) yield requiredValue(`${path}.kind`);
    const { apiVersion, kind, metadata } = object;
    if (typeof apiVersion === "string") yield* apiVersionErrors(`${path}.apiVersion`, apiVersion);
    if (kind === "") yield invalidValue(`${path}.kind`, kind, "must not be empty");
    else if (typeof kind === "string") yield* kindErrors(`${path}.kind`, kind);
    if (!isJsonObject(metadata)) continue;
    const named = { ...object, metadata: { name: "fakename", ...metadata } } as unknown as KubeObject;
    for (const error of objectMetaErrors(named, pathSegmentName))
      yield { ...error, field: `${path}.${error.field}` };
  }
}

function* apiVersionErrors(field: string, apiVersion: string): FieldErrors {
  if (apiVersion === "") yield invalidValue(field, apiVersion, "must not be empty");
  else if (apiVersion.split("/").length > 2)
    yield invalidValue(field, apiVersion, `unexpected GroupVersion string: ${apiVersion}`);
}

function* kindErrors(field: string, kind: string): FieldErrors {
  const reasons = dns1035Label(kind.toLowerCase());
  if (reasons.length > 0)
    yield* invalidBecause(field, kind, [
      `may have mixed case, but should otherwise match: ${reasons.join(",")}`,
    ]);
}

interface Embedded {
  readonly object: JsonObject;
  readonly path: string;
}

function* embeddedResources(
  value: unknown,
  schema: JSONSchemaProps | undefined,
  path: string,
): Generator<Embedded> {
  if (schema === undefined) return;
  if (Array.isArray(value)) {
    for (const [index, item] of value.entries())
      yield* embeddedResources(item, itemsOf(schema), `${path}[${index}]`);
  } else if (isJsonObject(value)) {
    if (schema["x-kubernetes-embedded-resource"] === true) yield { object: value, path };
    for (const [key, field] of Object.entries(value)) {
      const isNamed = propertyOf(schema, key) !== undefined;
      const inner = isNamed ? (path === "" ? key : `${path}.${key}`) : `${path}[${key}]`;
      yield* embeddedResources(field, schemaOfKey(schema, key), inner);
    }
  }
}
