import { readMetadata } from "../../../custom-kinds/embedded-resources.ts";
import { isJsonObject, type JsonObject } from "../../../patch/json-value.ts";
import { findTypeSchema, type FieldSchema } from "../../../schema/schema.ts";
import { validateType } from "../../../validation/validate-object.ts";

const schemaType = "apiextensions.v1.JSONSchemaProps";

/**
 * Takes out of a definition what is no field of it, in place, and gives the paths. The schemas of items and of values of
 * maps are read by code of their own in Kubernetes, which takes out what it does not know without telling.
 */
export function pruneDefinition(definition: JsonObject): {
  readonly unknown: readonly string[];
  readonly wrong: string | undefined;
} {
  const metadata = readMetadata(definition);
  const { apiVersion: _apiVersion, kind: _kind, metadata: _metadata, ...rest } = definition;
  const problems = validateType(rest, "apiextensions.v1.CustomResourceDefinition", []);
  const unknown = problems.filter(({ kind }) => kind === "unknown-field");
  for (const { path } of unknown) {
    const holder = path.slice(0, -1).reduce<unknown>((value, step) => (value as JsonObject)[step], rest);
    delete (holder as JsonObject)[path.at(-1) ?? ""];
  }
  const wrong = problems.find(({ kind }) => kind === "wrong-type");
  const inner: string[] = [];
  for (const version of listOf(definition["spec"], "versions"))
    if (isJsonObject(version) && isJsonObject(version["schema"]))
      readSchema(version["schema"]["openAPIV3Schema"], inner, false);
  const [text = inner[0]] = wrong === undefined ? [] : [`${wrong.field} ${wrong.message}`];
  return {
    unknown: [...metadata.unknown, ...unknown.map(({ field }) => field)],
    wrong: metadata.wrong ?? text,
  };
}

/** Goes down to the schemas inside `items` and `additionalProperties`, of which the type knows no more than that. */
function readSchema(schema: unknown, wrong: string[], isHidden: boolean): void {
  if (!isJsonObject(schema)) return;
  if (isHidden) {
    for (const problem of validateType(schema, schemaType, [])) {
      if (problem.kind === "wrong-type") wrong.push(`${problem.field} ${problem.message}`);
      if (problem.kind !== "unknown-field") continue;
      const { path } = problem;
      const holder = path.slice(0, -1).reduce<unknown>((value, step) => (value as JsonObject)[step], schema);
      delete (holder as JsonObject)[path.at(-1) ?? ""];
    }
  }
  for (const key of ["items", "additionalProperties", "additionalItems"]) {
    const inner = schema[key];
    for (const each of Array.isArray(inner) ? inner : [inner]) readSchema(each, wrong, true);
  }
  for (const [key, field] of findTypeSchema(schemaType) ?? [])
    if (field.type === schemaType)
      for (const each of valuesOf(schema[key], field)) readSchema(each, wrong, false);
}

function valuesOf(value: unknown, { shape }: FieldSchema): readonly unknown[] {
  if (shape === "single") return [value];
  if (shape === "list") return Array.isArray(value) ? value : [];
  return isJsonObject(value) ? Object.values(value) : [];
}

function listOf(value: unknown, key: string): readonly unknown[] {
  const list = isJsonObject(value) ? value[key] : undefined;
  return Array.isArray(list) ? list : [];
}
