import { isJsonObject, type JsonObject } from "@seaworthy/kube";
import type { DiscoveredResource } from "../discovery/api-groups.ts";
import { typeSchemas } from "./open-api-schemas.ts";

const objectMeta = "io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta";
const listMeta = "io.k8s.apimachinery.pkg.apis.meta.v1.ListMeta";

/**
 * The schemas of custom kinds and of their lists, by the names that Kubernetes gives them: the definition's own schema,
 * with what every object has
 * (https://github.com/kubernetes/apiextensions-apiserver/blob/v0.36.3/pkg/controller/openapi/builder/builder.go).
 */
export function customSchemas(resources: readonly DiscoveredResource[]): Record<string, unknown> {
  if (resources.length === 0) return {};
  const schemas = typeSchemas(["meta.v1.ObjectMeta", "meta.v1.ListMeta"]);
  for (const resource of resources) {
    const { kind, listKind } = resource;
    schemas[modelName(resource, kind)] = kindSchema(resource);
    schemas[modelName(resource, listKind)] = listSchema(resource);
  }
  return schemas;
}

/** `com.example.v1.Boat` for `Boat` of `example.com/v1`. */
function modelName({ group, version }: DiscoveredResource, kind: string): string {
  return [...group.split(".").toReversed(), version, kind].join(".");
}

function kindSchema(resource: DiscoveredResource): JsonObject {
  const { group, version, kind, openAPIV3Schema } = resource;
  const names = { "x-kubernetes-group-version-kind": [{ group, version, kind }] };
  if (openAPIV3Schema === undefined) return { type: "object", ...names };
  const schema = published(openAPIV3Schema) as JsonObject;
  return { ...schema, properties: { ...objectOf(schema["properties"]), ...ownFields(objectMeta) }, ...names };
}

function listSchema(resource: DiscoveredResource): JsonObject {
  const { group, version, kind, listKind, name } = resource;
  return {
    description: `${listKind} is a list of ${kind}`,
    type: "object",
    required: ["items"],
    properties: {
      ...ownFields(listMeta),
      items: {
        description: `List of ${name}. More info: https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md`,
        type: "array",
        items: { $ref: `#/components/schemas/${modelName(resource, kind)}` },
      },
    },
    "x-kubernetes-group-version-kind": [{ group, version, kind: listKind }],
  };
}

function ownFields(metadata: string): JsonObject {
  const conventions = "https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md";
  return {
    apiVersion: {
      type: "string",
      description: `APIVersion defines the versioned schema of this representation of an object. Servers should convert recognized schemas to the latest internal value, and may reject unrecognized values. More info: ${conventions}#resources`,
    },
    kind: {
      type: "string",
      description: `Kind is a string value representing the REST resource this object represents. Servers may infer this from the endpoint the client submits requests to. Cannot be updated. In CamelCase. More info: ${conventions}#types-kinds`,
    },
    metadata: {
      description: `Standard object's metadata. More info: ${conventions}#metadata`,
      allOf: [{ $ref: `#/components/schemas/${metadata}` }],
    },
  };
}

const intOrString = [{ type: "integer" }, { type: "string" }];

/** A schema as clients read it: what is a whole number or a text says so, and objects inside have their metadata. */
function published(schema: unknown): unknown {
  if (!isJsonObject(schema)) return schema;
  const { properties, items, additionalProperties, ...rest } = schema;
  const inner: JsonObject = { ...rest };
  if (isJsonObject(properties))
    inner["properties"] = Object.fromEntries(
      Object.entries(properties).map(([name, property]) => [name, published(property)]),
    );
  if (items !== undefined) inner["items"] = published(items);
  if (additionalProperties !== undefined) inner["additionalProperties"] = published(additionalProperties);
  if (schema["x-kubernetes-int-or-string"] === true && schema["allOf"] === undefined)
    inner["anyOf"] ??= intOrString;
  if (schema["x-kubernetes-embedded-resource"] === true)
    inner["properties"] = { ...objectOf(inner["properties"]), ...ownFields(objectMeta) };
  return inner;
}

function objectOf(value: unknown): JsonObject {
  return isJsonObject(value) ? value : {};
}
