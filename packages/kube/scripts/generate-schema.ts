/**
 * Writes src/schema.generated.json from what an API server says of its types, without their descriptions.
 *
 * usage: kubectl get --raw /openapi/v2 >openapi.json && node packages/kube/scripts/generate-schema.ts openapi.json
 */
import { readFileSync, writeFileSync } from "node:fs";
import type { SchemaFile } from "../src/schema/schema.ts";

/** A definition, or a field of one, as far as the schema keeps it. */
interface Definition {
  readonly $ref?: string;
  readonly type?: string;
  readonly format?: string;
  readonly required?: readonly string[];
  readonly properties?: Readonly<Record<string, Definition>>;
  readonly items?: Definition;
  readonly additionalProperties?: Definition;
  readonly "x-kubernetes-group-version-kind"?: readonly {
    readonly group: string;
    readonly version: string;
    readonly kind: string;
  }[];
  readonly "x-kubernetes-list-type"?: string;
  readonly "x-kubernetes-list-map-keys"?: readonly string[];
  readonly "x-kubernetes-map-type"?: string;
  readonly "x-kubernetes-patch-merge-key"?: string;
  readonly "x-kubernetes-patch-strategy"?: string;
}

interface OpenApi {
  readonly info: { readonly version: string };
  readonly definitions: Readonly<Record<string, Definition>>;
}

/** The schema that an OpenAPI document has, lists of objects and the requests of the API itself left out. */
export function generateSchema({ info, definitions }: OpenApi): SchemaFile {
  const kinds: Record<string, string> = {};
  const types: Record<string, Record<string, string>> = {};
  const lists: Record<string, SchemaFile["lists"][string]> = {};
  const atomic: string[] = [];
  for (const [name, definition] of Object.entries(definitions)) {
    if (definition.properties === undefined || isList(definition)) continue;
    const type = typeName(name);
    if (!type.startsWith("meta.")) {
      for (const { group, version, kind } of definition["x-kubernetes-group-version-kind"] ?? [])
        kinds[`${group === "" ? version : `${group}/${version}`}/${kind}`] = type;
    }
    if (definition["x-kubernetes-map-type"] === "atomic") atomic.push(type);
    const fields: Record<string, string> = {};
    types[type] = fields;
    for (const [field, schema] of Object.entries(definition.properties)) {
      const isRequired = definition.required?.includes(field) === true;
      fields[field] = `${fieldType(schema)}${isRequired ? "!" : ""}`;
      const merge = listEntry(schema);
      if (Object.keys(merge).length > 0) lists[`${type}.${field}`] = merge;
      if (schema["x-kubernetes-map-type"] === "atomic") atomic.push(`${type}.${field}`);
    }
  }
  return {
    of: info.version,
    kinds: sorted(kinds),
    types: sorted(types),
    lists: sorted(lists),
    atomic: atomic.toSorted(),
  };
}

/** The text of the generated file: one type a line, so that a diff shows what changed. */
export function formatSchema(schema: SchemaFile): string {
  const sections = Object.entries(schema).map(([name, section]: [string, unknown]) => {
    if (typeof section === "string") return `${JSON.stringify(name)}:${JSON.stringify(section)}`;
    const lines = Array.isArray(section)
      ? section.map((item) => JSON.stringify(item))
      : Object.entries(section as object).map(
          ([key, value]) => `${JSON.stringify(key)}:${JSON.stringify(value)}`,
        );
    const [open, close] = Array.isArray(section) ? ["[", "]"] : ["{", "}"];
    return `${JSON.stringify(name)}:${open}\n${lines.join(",\n")}\n${close}`;
  });
  return `{\n${sections.join(",\n")}\n}\n`;
}

function isList({ properties = {}, ...definition }: Definition): boolean {
  const kinds = definition["x-kubernetes-group-version-kind"] ?? [];
  return kinds.some(({ kind }) => kind.endsWith("List")) && Object.hasOwn(properties, "items");
}

/** `io.k8s.api.apps.v1.Deployment` as `apps.v1.Deployment`. */
function typeName(name: string): string {
  return name.split(".").slice(-3).join(".");
}

function fieldType(schema: Definition): string {
  if (schema.type === "array") return `${itemType(schema.items ?? {})}[]`;
  const values = schema.additionalProperties;
  if (values === undefined) return itemType(schema);
  return values.type === "array" ? `${itemType(values.items ?? {})}[]{}` : `${itemType(values)}{}`;
}

function itemType({ $ref, type, format }: Definition): string {
  if ($ref !== undefined) return referred($ref.replace("#/definitions/", ""));
  if (type === "integer" || type === "boolean" || type === "number" || type === "object") return type;
  if (type === "string") return format === "byte" ? "base64" : "string";
  return "any";
}

/** Types that are written as something else than an object with fields. */
const scalars: Readonly<Record<string, string>> = {
  "api.resource.Quantity": "quantity",
  "apimachinery.pkg.runtime.RawExtension": "object",
  "meta.v1.Duration": "string",
  "meta.v1.FieldsV1": "object",
  "meta.v1.MicroTime": "time",
  "meta.v1.Time": "time",
  "pkg.runtime.RawExtension": "object",
  "util.intstr.IntOrString": "intOrString",
  "apiextensions.v1.CustomResourceSubresourceStatus": "object",
  "apiextensions.v1.JSON": "any",
  "apiextensions.v1.JSONSchemaPropsOrArray": "any",
  "apiextensions.v1.JSONSchemaPropsOrBool": "any",
  "apiextensions.v1.JSONSchemaPropsOrStringArray": "any",
};

function referred(name: string): string {
  return scalars[typeName(name)] ?? typeName(name);
}

function listEntry(schema: Definition): SchemaFile["lists"][string] {
  const listType = schema["x-kubernetes-list-type"];
  const keys = schema["x-kubernetes-list-map-keys"];
  const mergeKey = schema["x-kubernetes-patch-merge-key"];
  const strategy = schema["x-kubernetes-patch-strategy"];
  return {
    ...(mergeKey === undefined ? {} : { patchMergeKey: mergeKey }),
    ...(strategy === undefined ? {} : { patchStrategy: strategy }),
    // A list without a type is atomic, which is what the schema takes one for that says nothing.
    ...(listType === undefined || listType === "atomic" ? {} : { listType }),
    ...(keys === undefined ? {} : { listMapKeys: keys }),
  };
}

function sorted<T>(record: Readonly<Record<string, T>>): Record<string, T> {
  return Object.fromEntries(Object.entries(record).toSorted(([a], [b]) => (a < b ? -1 : 1)));
}

if (import.meta.main) {
  const document = JSON.parse(readFileSync(process.argv[2] ?? 0, "utf8")) as OpenApi;
  writeFileSync(
    new URL("../src/schema.generated.json", import.meta.url),
    formatSchema(generateSchema(document)),
  );
}
