import { isJsonObject, type JsonObject } from "@seaworthy/kube";
import type { OpenApiDocument } from "./open-api-documents.ts";

/**
 * The OpenAPI document of version 2, of all groups, made of those of version 3. Clients that are told that a server does not
 * validate an object, a List for example, do it themselves by this one.
 */
export function swagger(documents: Iterable<OpenApiDocument>): JsonObject {
  const paths: JsonObject = {};
  const definitions: JsonObject = {};
  for (const { text } of documents) {
    const document = JSON.parse(text) as OpenApi3;
    for (const [path, item] of Object.entries(document.paths)) paths[path] = pathItem(item);
    for (const [name, schema] of Object.entries(document.components.schemas)) {
      const groups = [definitions[name], schema].flatMap(kindsOf);
      definitions[name] = {
        ...olderType(schema),
        ...(groups.length === 0 ? {} : { [kindsKey]: unique(groups) }),
      };
    }
  }
  return { swagger: "2.0", info: { title: "Kubernetes", version: "1.36" }, paths, definitions };
}

interface OpenApi3 {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, JsonObject>> };
}

interface Operation extends JsonObject {
  readonly parameters?: { readonly name: string; readonly in: string; readonly schema: JsonObject }[];
  readonly requestBody?: { readonly content: JsonObject };
}

const kindsKey = "x-kubernetes-group-version-kind";

/** Several documents have a type, each with the kinds of its own group. */
function kindsOf(schema: unknown): unknown[] {
  const kinds = isJsonObject(schema) ? schema[kindsKey] : undefined;
  return Array.isArray(kinds) ? kinds : [];
}

function unique(values: readonly unknown[]): unknown[] {
  return [...new Map(values.map((value) => [JSON.stringify(value), value])).values()];
}

function pathItem(item: Readonly<Record<string, Operation>>): JsonObject {
  return Object.fromEntries(
    Object.entries(item).map(([verb, { parameters, requestBody, ...rest }]) => [
      verb,
      {
        ...rest,
        ...(requestBody === undefined ? {} : { consumes: Object.keys(requestBody.content) }),
        ...(parameters === undefined
          ? {}
          : { parameters: parameters.map(({ schema, ...parameter }) => ({ ...parameter, ...schema })) }),
      },
    ]),
  );
}

/** A kind that may have any field has no field here: kubectl would refuse all others. */
function olderType(schema: JsonObject): JsonObject {
  return schema[keepsUnknown] === true ? { type: "object" } : (older(schema) as JsonObject);
}

const keepsUnknown = "x-kubernetes-preserve-unknown-fields";

/**
 * A schema with what version 2 knows, and kubectl can read.
 * https://github.com/kubernetes/apiextensions-apiserver/blob/v0.36.3/pkg/controller/openapi/v2/conversion.go
 */
function older(schema: unknown): unknown {
  if (!isJsonObject(schema)) return schema;
  const { allOf, oneOf, anyOf: _anyOf, not: _not, nullable, ...plain } = schema;
  const { type, items, properties, additionalProperties, ...rest } = plain;
  const reference = rest["$ref"] ?? (allOf as JsonObject[] | undefined)?.[0]?.["$ref"];
  if (typeof reference === "string")
    return { ...rest, $ref: reference.replace("#/components/schemas/", "#/definitions/") };
  // kubectl cannot read lists and objects that may be something else, or hold what nobody knows.
  if (nullable === true) return rest;
  if (schema[keepsUnknown] === true) return type === "object" || type === "array" ? rest : { ...rest, type };
  // Quantities, and numbers that may be written as texts.
  const isText = oneOf !== undefined && type === undefined;
  return {
    ...plain,
    ...(isText ? { type: "string" } : {}),
    ...(items === undefined ? {} : { items: older(items) }),
    ...(isJsonObject(properties) ? { properties: olderEach(properties) } : {}),
    ...(additionalProperties === undefined ? {} : { additionalProperties: older(additionalProperties) }),
  };
}

function olderEach(properties: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(properties).map(([name, schema]) => [name, older(schema)]));
}
