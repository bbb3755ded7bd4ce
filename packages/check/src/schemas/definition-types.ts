import type { CustomResourceDefinition } from "@seaworthy/kube";
import type { CustomSchemas } from "./custom-schemas.ts";

/** A node of the schema of a CustomResourceDefinition, as far as types are made of it. */
interface SchemaNode {
  readonly type?: string;
  readonly properties?: Readonly<Record<string, SchemaNode>>;
  readonly items?: SchemaNode;
  readonly additionalProperties?: SchemaNode | boolean;
  readonly required?: readonly string[];
  readonly default?: unknown;
  readonly "x-kubernetes-int-or-string"?: boolean;
  readonly "x-kubernetes-preserve-unknown-fields"?: boolean;
  readonly "x-kubernetes-embedded-resource"?: boolean;
}

/** The kinds and types that a CustomResourceDefinition defines. `prefix` keeps their names apart from those of others. */
export function definitionTypes({ spec }: CustomResourceDefinition, prefix: string): CustomSchemas {
  const schemas: CustomSchemas = { kinds: {}, types: {} };
  for (const { name, schema } of spec.versions) {
    const root = schema?.openAPIV3Schema as SchemaNode | undefined;
    if (root?.properties === undefined) continue;
    const type = structOf(root, `${prefix}.${name}.${spec.names.kind}`, schemas);
    Object.assign(schemas.types[type] ?? {}, {
      apiVersion: "string",
      kind: "string",
      metadata: "meta.v1.ObjectMeta",
    });
    schemas.kinds[`${spec.group}/${name}/${spec.names.kind}`] = type;
  }
  return schemas;
}

function structOf(
  { properties = {}, required = [] }: SchemaNode,
  name: string,
  schemas: CustomSchemas,
): string {
  const fields: Record<string, string> = {};
  schemas.types[name] = fields;
  for (const [field, node] of Object.entries(properties)) {
    // What has a default is filled in before it is looked for.
    const isRequired = required.includes(field) && node.default === undefined;
    fields[field] =
      `${textOf(node, `${name}.${field.replaceAll(/\W/g, "_")}`, schemas)}${isRequired ? "!" : ""}`;
  }
  return name;
}

function textOf(node: SchemaNode, name: string, schemas: CustomSchemas): string {
  if (node["x-kubernetes-int-or-string"] === true) return "intOrString";
  if (
    node["x-kubernetes-preserve-unknown-fields"] === true ||
    node["x-kubernetes-embedded-resource"] === true
  )
    return "any";
  if (node.type === "array") return suffixed(node.items, name, "[]", schemas);
  if (node.type === "object") {
    if (node.properties !== undefined) return structOf(node, name, schemas);
    const { additionalProperties } = node;
    return typeof additionalProperties === "object"
      ? suffixed(additionalProperties, name, "{}", schemas)
      : "any";
  }
  return ["string", "integer", "number", "boolean"].includes(node.type ?? "") ? node.type! : "any";
}

function suffixed(
  node: SchemaNode | undefined,
  name: string,
  suffix: "[]" | "{}",
  schemas: CustomSchemas,
): string {
  const inner = node === undefined ? "any" : textOf(node, name, schemas);
  if (suffix === "{}" && /^[\w.]+\[\]$/.test(inner)) return `${inner}{}`;
  return /^[\w.]+$/.test(inner) ? `${inner}${suffix}` : `any${suffix}`;
}
