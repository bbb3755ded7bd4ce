import type { JSONSchemaProps } from "../custom-kinds/json-schema-props.ts";
import type { ServedType } from "../kinds/kinds.ts";
import { findTypeSchema, schemaTypeOf, type FieldSchema } from "../schema/schema.ts";

/** The schema of whole objects of a type; undefined for a kind of which it is not known. */
export function objectSchemaOf({
  apiVersion,
  kind,
  openAPIV3Schema,
}: ServedType): JSONSchemaProps | undefined {
  const type = schemaTypeOf(apiVersion, kind);
  if (type !== undefined) return schemaOfType(type);
  if (openAPIV3Schema === undefined) return undefined;
  const { properties, ...schema } = openAPIV3Schema as JSONSchemaProps;
  return { ...schema, properties: { ...properties, ...head() } };
}

/** What every object begins with. */
function head(): Readonly<Record<string, JSONSchemaProps>> {
  const { apiVersion, kind, metadata } = schemaOfType(schemaTypeOf("v1", "ConfigMap") ?? "").properties ?? {};
  return { apiVersion: apiVersion!, kind: kind!, metadata: metadata! };
}

const made = new Map<string, JSONSchemaProps>();

/** Types may hold themselves, so their fields are written when they are asked for. There are as many as Kubernetes has. */
function schemaOfType(type: string): JSONSchemaProps {
  const fields = findTypeSchema(type);
  if (fields === undefined) return {};
  let schema = made.get(type);
  if (schema === undefined) {
    let properties: JSONSchemaProps["properties"];
    schema = {
      type: "object",
      get properties() {
        return (properties ??= Object.fromEntries(
          Array.from(fields, ([name, field]) => [name, schemaOfField(field)]),
        ));
      },
    };
    made.set(type, schema);
  }
  return schema;
}

function schemaOfField({ type, shape }: FieldSchema): JSONSchemaProps {
  const one = schemaOfType(type);
  if (shape === "single") return one;
  if (shape === "list") return { type: "array", items: one };
  return { type: "object", additionalProperties: shape === "map" ? one : { type: "array", items: one } };
}
