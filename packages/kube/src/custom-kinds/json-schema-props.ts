/**
 * A node of the schema of a custom kind: a part of OpenAPI v3, and Kubernetes' own words beside it
 * (k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1/types_jsonschema.go).
 */
export interface JSONSchemaProps {
  readonly $ref?: string;
  readonly $schema?: string;
  readonly id?: string;
  readonly type?: string;
  readonly format?: string;
  readonly title?: string;
  readonly description?: string;
  readonly default?: unknown;
  readonly example?: unknown;
  readonly externalDocs?: unknown;
  readonly nullable?: boolean;
  readonly enum?: readonly unknown[];
  readonly maximum?: number;
  readonly exclusiveMaximum?: boolean;
  readonly minimum?: number;
  readonly exclusiveMinimum?: boolean;
  readonly multipleOf?: number;
  readonly maxLength?: number;
  readonly minLength?: number;
  readonly pattern?: string;
  readonly maxItems?: number;
  readonly minItems?: number;
  readonly uniqueItems?: boolean;
  readonly maxProperties?: number;
  readonly minProperties?: number;
  readonly required?: readonly string[];
  readonly items?: JSONSchemaProps | readonly JSONSchemaProps[];
  readonly properties?: Readonly<Record<string, JSONSchemaProps>>;
  readonly additionalProperties?: JSONSchemaProps | boolean;
  readonly additionalItems?: JSONSchemaProps | boolean;
  readonly patternProperties?: Readonly<Record<string, JSONSchemaProps>>;
  readonly definitions?: Readonly<Record<string, JSONSchemaProps>>;
  readonly dependencies?: Readonly<Record<string, JSONSchemaProps | readonly string[]>>;
  readonly allOf?: readonly JSONSchemaProps[];
  readonly anyOf?: readonly JSONSchemaProps[];
  readonly oneOf?: readonly JSONSchemaProps[];
  readonly not?: JSONSchemaProps;
  readonly "x-kubernetes-preserve-unknown-fields"?: boolean;
  readonly "x-kubernetes-embedded-resource"?: boolean;
  readonly "x-kubernetes-int-or-string"?: boolean;
  readonly "x-kubernetes-list-type"?: string;
  readonly "x-kubernetes-list-map-keys"?: readonly string[];
  readonly "x-kubernetes-map-type"?: string;
  readonly "x-kubernetes-validations"?: readonly ValidationRule[];
}

/** A rule in the Common Expression Language. */
export interface ValidationRule {
  readonly rule: string;
  readonly message?: string;
  readonly messageExpression?: string;
  readonly reason?: string;
  readonly fieldPath?: string;
  readonly optionalOldSelf?: boolean;
}

/** The schema of a list's items, where there is one for all of them. */
export function itemsOf({ items }: JSONSchemaProps): JSONSchemaProps | undefined {
  return items === undefined || isSchemaList(items) ? undefined : items;
}

/** The schemas of a list's items, where there is one for each position, which custom kinds may not have. */
export function itemListOf({ items }: JSONSchemaProps): readonly JSONSchemaProps[] {
  return items !== undefined && isSchemaList(items) ? items : [];
}

/** The schema of the values of a map; undefined also where anything is allowed. */
export function valuesOf({ additionalProperties }: JSONSchemaProps): JSONSchemaProps | undefined {
  return typeof additionalProperties === "object" ? additionalProperties : undefined;
}

/** The schema of a field that has one of its own, or of any value of a map; undefined where neither is said. */
export function schemaOfKey(schema: JSONSchemaProps | undefined, key: string): JSONSchemaProps | undefined {
  return propertyOf(schema, key) ?? (schema === undefined ? undefined : valuesOf(schema));
}

/** The schema of a named field. */
export function propertyOf(schema: JSONSchemaProps | undefined, key: string): JSONSchemaProps | undefined {
  const properties = schema?.properties;
  return properties !== undefined && Object.hasOwn(properties, key) ? properties[key] : undefined;
}

/** Whether a schema, or one anywhere inside it, is as `wanted`. */
export function someSchema(
  schema: JSONSchemaProps | undefined,
  wanted: (schema: JSONSchemaProps) => boolean,
): boolean {
  if (schema === undefined || schema === null) return false;
  return wanted(schema) || subschemas(schema).some((each) => someSchema(each, wanted));
}

function subschemas(schema: JSONSchemaProps): (JSONSchemaProps | undefined)[] {
  return [
    itemsOf(schema),
    ...itemListOf(schema),
    ...(schema.allOf ?? []),
    ...(schema.anyOf ?? []),
    ...(schema.oneOf ?? []),
    schema.not,
    ...Object.values(schema.properties ?? {}),
    valuesOf(schema),
  ];
}

function isSchemaList(items: NonNullable<JSONSchemaProps["items"]>): items is readonly JSONSchemaProps[] {
  return Array.isArray(items);
}
