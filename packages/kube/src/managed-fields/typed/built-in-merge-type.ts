import { findTypeSchema, isAtomicType, schemaTypeOf, type FieldSchema } from "../../schema/schema.ts";
import type { JsonObject } from "../../patch/json-value.ts";
import { isStructField } from "../../schema/struct-fields.ts";
import {
  deducedType,
  untypedAtomic,
  type ListType,
  type MapField,
  type MapType,
  type MergeType,
} from "./merge-type.ts";

/** How objects of one of Kubernetes' own kinds merge; undefined for a kind without a schema. */
export function builtInMergeType(apiVersion: string, kind: string): MergeType | undefined {
  const name = schemaTypeOf(apiVersion, kind);
  return name === undefined ? undefined : namedType(name, true);
}

/** How the metadata of any object merges. */
export function objectMetaMergeType(): MergeType {
  const metadata = findTypeSchema(schemaTypeOf("v1", "ConfigMap") ?? "")?.get("metadata");
  return metadata === undefined ? deducedType : namedType(metadata.type, false);
}

const made = { objects: new Map<string, MergeType>(), others: new Map<string, MergeType>() };

/** The type of a struct. Types may hold themselves, so their fields are read when they are asked for. */
function namedType(name: string, isObject: boolean): MergeType {
  const known = isObject ? made.objects : made.others;
  let type = known.get(name);
  if (type === undefined) {
    type = { map: new StructType(name, isObject) };
    known.set(name, type);
  }
  return type;
}

class StructType implements MapType {
  readonly isAtomic: boolean;
  readonly element = undefined;
  readonly #name: string;
  readonly #isObject: boolean;
  #fields: ReadonlyMap<string, MapField> | undefined;

  constructor(name: string, isObject: boolean) {
    this.isAtomic = isAtomicType(name);
    this.#name = name;
    this.#isObject = isObject;
  }

  get fields(): ReadonlyMap<string, MapField> {
    this.#fields ??= new Map(
      [...(findTypeSchema(this.#name) ?? [])].map(([name, field]) => [name, this.#field(name, field)]),
    );
    return this.#fields;
  }

  #field(name: string, field: FieldSchema): MapField {
    const keyDefault = defaultOf(name, field);
    const absent = this.#absent(name, field);
    return {
      type: typeOf(field),
      ...(keyDefault === undefined ? {} : { default: keyDefault }),
      ...(absent === undefined ? {} : { absent }),
    };
  }

  #absent(name: string, field: FieldSchema): JsonObject | null | undefined {
    const isStruct = field.shape === "single" && findTypeSchema(field.type) !== undefined;
    const asked = { typeName: this.#name, name, isRequired: field.required, ofObject: this.#isObject };
    if (isStruct && isStructField(asked)) return {};
    return field.required && (isStruct || field.shape !== "single") ? null : undefined;
  }
}

/** What Kubernetes' OpenAPI documents give as default of the fields that are keys of lists. */
function defaultOf(name: string, { required, type, shape }: FieldSchema): unknown {
  if (shape !== "single") return undefined;
  if (name === "protocol") return "TCP";
  if (type === "string" && (required || name === "name")) return "";
  return type === "integer" && required ? 0 : undefined;
}

function typeOf(field: FieldSchema): MergeType {
  if (field.shape === "single") return singleType(field);
  if (field.shape === "list") return { list: listType(field) };
  const element = field.shape === "map" ? itemType(field.type) : { list: atomicList(itemType(field.type)) };
  return { map: { isAtomic: field.atomic, fields: new Map(), element } };
}

/** A field may be owned as one though its type is not. */
function singleType(field: FieldSchema): MergeType {
  const type = itemType(field.type);
  const { map } = type;
  if (map === undefined || map.isAtomic || !field.atomic) return type;
  return { map: { isAtomic: true, fields: map.fields, element: map.element } };
}

function listType(field: FieldSchema): ListType {
  const element = itemType(field.type);
  if (field.listType === "map") return { relationship: "associative", keys: field.listMapKeys, element };
  if (field.listType === "set") return { relationship: "associative", keys: [], element };
  // A list that only strategic merge patches know how to merge is merged by their key.
  if (field.patchStrategy.includes("merge")) {
    const keys = field.patchMergeKey === undefined ? [] : [field.patchMergeKey];
    return { relationship: "associative", keys, element };
  }
  return atomicList(element);
}

function atomicList(element: MergeType): ListType {
  return { relationship: "atomic", keys: [], element };
}

function itemType(type: string): MergeType {
  const scalar = scalars[type];
  if (scalar !== undefined) return scalar;
  return findTypeSchema(type) === undefined ? deducedType : namedType(type, false);
}

const scalars: Readonly<Record<string, MergeType>> = {
  string: { scalar: "string" },
  base64: { scalar: "string" },
  integer: { scalar: "numeric" },
  number: { scalar: "numeric" },
  boolean: { scalar: "boolean" },
  time: { scalar: "untyped" },
  intOrString: { scalar: "untyped" },
  quantity: { scalar: "untyped" },
  any: untypedAtomic,
  object: untypedAtomic,
};
