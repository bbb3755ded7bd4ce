import { findTypeSchema, schemaTypeOf, type FieldSchema, apiVersionOf } from "@seaworthy/kube";

/** A kind whose schema is wanted. */
interface WantedKind {
  readonly group: string;
  readonly version: string;
  readonly kind: string;
}

/** The schemas of kinds and of every type inside them, by their names. */
export function schemasFor(kinds: readonly WantedKind[]): Record<string, unknown> {
  const schemas: Record<string, unknown> = {};
  const waiting: string[] = [];
  for (const kind of kinds) {
    const type = schemaTypeOf(apiVersionOf(kind), kind.kind);
    if (type === undefined) continue;
    waiting.push(type);
    const { group, version } = kind;
    schemas[schemaName(type)] = {
      ...typeSchema(type, waiting),
      "x-kubernetes-group-version-kind": [{ group, version, kind: kind.kind }],
    };
  }
  return { ...typeSchemas(waiting), ...schemas };
}

/** The schemas of types and of every type inside them, by their names. */
export function typeSchemas(types: readonly string[]): Record<string, unknown> {
  const schemas: Record<string, unknown> = {};
  const waiting = [...types];
  for (let type = waiting.pop(); type !== undefined; type = waiting.pop())
    if (!Object.hasOwn(schemas, schemaName(type))) schemas[schemaName(type)] = typeSchema(type, waiting);
  return schemas;
}

/** `core.v1.Container` as `io.k8s.api.core.v1.Container`: kubectl explain shows what follows the last dot. */
function schemaName(type: string): string {
  const scalar = namedScalars[type];
  if (scalar !== undefined) return scalar.name;
  const group = type.slice(0, type.indexOf("."));
  return `${packages[group] ?? "io.k8s.api"}.${type}`;
}

/** Where groups come from whose types are not in `k8s.io/api`. */
const packages: Readonly<Record<string, string>> = {
  apiextensions: "io.k8s.apiextensions-apiserver.pkg.apis",
  apiregistration: "io.k8s.kube-aggregator.pkg.apis",
  meta: "io.k8s.apimachinery.pkg.apis",
  metrics: "io.k8s.metrics.pkg.apis",
};

function typeSchema(type: string, waiting: string[]): Record<string, unknown> {
  const scalar = namedScalars[type];
  if (scalar !== undefined) return scalar.schema;
  const fields = [...(findTypeSchema(type) ?? [])];
  const required = fields.filter(([, field]) => field.required).map(([name]) => name);
  return {
    type: "object",
    properties: Object.fromEntries(fields.map(([name, field]) => [name, fieldSchema(field, waiting)])),
    ...(required.length === 0 ? {} : { required }),
  };
}

function fieldSchema(field: FieldSchema, waiting: string[]): Record<string, unknown> {
  const item = itemSchema(field.type, waiting);
  switch (field.shape) {
    case "single":
      return { ...item, ...merging(field) };
    case "list":
      return { type: "array", items: item, ...merging(field) };
    case "map":
      return { type: "object", additionalProperties: item };
    case "mapOfLists":
      return { type: "object", additionalProperties: { type: "array", items: item } };
  }
}

/** How patches merge a field: the extensions that kubectl apply computes with. */
function merging(field: FieldSchema): Record<string, unknown> {
  return {
    ...(field.shape === "list" ? { "x-kubernetes-list-type": field.listType } : {}),
    ...(field.atomic && field.shape !== "list" ? { "x-kubernetes-map-type": "atomic" } : {}),
    ...(field.listMapKeys.length === 0 ? {} : { "x-kubernetes-list-map-keys": field.listMapKeys }),
    ...(field.patchMergeKey === undefined ? {} : { "x-kubernetes-patch-merge-key": field.patchMergeKey }),
    ...(field.patchStrategy.length === 0
      ? {}
      : { "x-kubernetes-patch-strategy": field.patchStrategy.join(",") }),
  };
}

function itemSchema(type: string, waiting: string[]): Record<string, unknown> {
  const isNamed = findTypeSchema(type) !== undefined || Object.hasOwn(namedScalars, type);
  if (!isNamed) return scalars[type] ?? {};
  waiting.push(type);
  return { allOf: [{ $ref: `#/components/schemas/${schemaName(type)}` }] };
}

const scalars: Readonly<Record<string, Record<string, unknown>>> = {
  string: { type: "string" },
  integer: { type: "integer", format: "int64" },
  number: { type: "number", format: "double" },
  boolean: { type: "boolean" },
  base64: { type: "string", format: "byte" },
  object: { type: "object" },
};

/** Scalars that are types of their own in the API. */
const namedScalars: Readonly<
  Record<string, { readonly name: string; readonly schema: Record<string, unknown> }>
> = {
  time: {
    name: "io.k8s.apimachinery.pkg.apis.meta.v1.Time",
    schema: { type: "string", format: "date-time" },
  },
  quantity: {
    name: "io.k8s.apimachinery.pkg.api.resource.Quantity",
    schema: { oneOf: [{ type: "string" }, { type: "number" }] },
  },
  intOrString: {
    name: "io.k8s.apimachinery.pkg.util.intstr.IntOrString",
    schema: { format: "int-or-string", oneOf: [{ type: "integer" }, { type: "string" }] },
  },
};
