/** The part of JSON Schema that the documents in docs/schemas use. */
export interface Schema {
  readonly $ref?: string;
  readonly $defs?: Readonly<Record<string, Schema>>;
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly type?: string | readonly string[];
  readonly minimum?: number;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly items?: Schema;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly propertyNames?: Schema;
  readonly additionalProperties?: boolean | Schema;
}

const understood = new Set(
  "$schema $id title description $ref $defs const enum type minimum minItems maxItems items properties required propertyNames additionalProperties".split(
    " ",
  ),
);

/** Where a value departs from a schema, as `path: what`. Throws on a keyword that it does not know. */
export function schemaProblems(value: unknown, schema: Schema, root: Schema = schema, path = "$"): string[] {
  for (const keyword of Object.keys(schema))
    if (!understood.has(keyword)) throw new Error(`${keyword} is not checked`);
  if (schema.$ref !== undefined)
    return schemaProblems(value, root.$defs?.[schema.$ref.replace("#/$defs/", "")] ?? {}, root, path);
  if ("const" in schema && value !== schema.const) return [`${path}: not ${String(schema.const)}`];
  if (schema.enum !== undefined && !schema.enum.includes(value))
    return [`${path}: ${String(value)} is not allowed`];
  if (schema.type !== undefined && ![schema.type].flat().some((type) => isOfType(value, type)))
    return [`${path}: not of type ${String(schema.type)}`];
  if (typeof value === "number" && value < (schema.minimum ?? value)) return [`${path}: too small`];
  if (Array.isArray(value)) return arrayProblems(value, schema, root, path);
  if (typeof value === "object" && value !== null) return objectProblems(value, schema, root, path);
  return [];
}

function isOfType(value: unknown, type: string): boolean {
  if (type === "null") return value === null;
  if (type === "array") return Array.isArray(value);
  if (type === "integer") return Number.isInteger(value);
  if (type === "object") return typeof value === "object" && value !== null && !Array.isArray(value);
  return typeof value === type;
}

function arrayProblems(value: readonly unknown[], schema: Schema, root: Schema, path: string): string[] {
  const { items, minItems = 0, maxItems = Number.POSITIVE_INFINITY } = schema;
  if (value.length < minItems || value.length > maxItems) return [`${path}: ${value.length} items`];
  return items === undefined
    ? []
    : value.flatMap((each, index) => schemaProblems(each, items, root, `${path}[${index}]`));
}

function objectProblems(value: object, schema: Schema, root: Schema, path: string): string[] {
  const { properties = {}, required = [], propertyNames, additionalProperties } = schema;
  const missing = required.filter((name) => !(name in value)).map((name) => `${path}.${name}: missing`);
  const others = Object.entries(value).flatMap(([name, each]) => {
    const own = properties[name];
    const named =
      propertyNames === undefined ? [] : schemaProblems(name, propertyNames, root, `${path}.${name}`);
    if (own !== undefined) return schemaProblems(each, own, root, `${path}.${name}`);
    if (additionalProperties === false) return [`${path}.${name}: not in the schema`];
    return typeof additionalProperties === "object"
      ? [...named, ...schemaProblems(each, additionalProperties, root, `${path}.${name}`)]
      : named;
  });
  return [...missing, ...others];
}
