import { isJsonObject } from "../../patch/json-value.ts";

/**
 * How values of a type merge. A type may allow values of several shapes; which one counts is decided by the value.
 * https://github.com/kubernetes-sigs/structured-merge-diff/blob/v6.3.3/schema/elements.go (Atom)
 */
export interface MergeType {
  readonly scalar?: ScalarType;
  readonly list?: ListType;
  readonly map?: MapType;
}

/** A value without parts; `untyped` is any of them. */
export type ScalarType = "numeric" | "string" | "boolean" | "untyped";

/** A list. Without keys, the items of an associative list are a set of scalars. */
export interface ListType {
  /** Whether the list has one owner, or each item its own. */
  readonly relationship: "atomic" | "associative";
  readonly keys: readonly string[];
  readonly element: MergeType;
}

/** A map or a struct. */
export interface MapType {
  /** Whether it has one owner, or each field its own. */
  readonly isAtomic: boolean;
  /** The fields that are named by the type. */
  readonly fields: ReadonlyMap<string, MapField>;
  /** The type of all other fields; undefined where there must not be any. */
  readonly element: MergeType | undefined;
}

/** A named field. */
export interface MapField {
  readonly type: MergeType;
  /** What an item of a list has for a key that it does not mention. */
  readonly default?: unknown;
  /**
   * What Kubernetes writes where the field is absent: its built-in types write empty structs, and null for required lists.
   * So the field is never added or removed, only changed.
   */
  readonly absent?: unknown;
}

/** The shape of a type that a value has; `any` when the value does not say. */
export type Shape = "map" | "scalar" | "list" | "any";

/** Which of its shapes a type has for this value (deduceAtom). */
export function shapeOf(type: MergeType, value: unknown): Shape {
  const { scalar, list, map } = type;
  const shapes = Number(scalar !== undefined) + Number(list !== undefined) + Number(map !== undefined);
  if (shapes === 1) return map !== undefined ? "map" : scalar !== undefined ? "scalar" : "list";
  if (isScalar(value) && scalar !== undefined) return "scalar";
  if (Array.isArray(value) && list !== undefined) return "list";
  if (isJsonObject(value) && map !== undefined) return "map";
  return "any";
}

/** How to treat a value of a shape: what may be anything is a map before it is a scalar before it is a list. */
export function handledAs(type: MergeType, shape: Shape): MergeType {
  const { scalar, list, map } = type;
  if (map !== undefined && (shape === "map" || shape === "any"))
    return scalar === undefined && list === undefined ? type : { map };
  if (scalar !== undefined && (shape === "scalar" || shape === "any"))
    return map === undefined && list === undefined ? type : { scalar };
  return scalar === undefined && map === undefined ? type : { list: list! };
}

/** The type of a field of a map. */
export function fieldTypeOf(map: MapType, name: string): MergeType | undefined {
  return map.fields.get(name)?.type ?? map.element;
}

/** Whether a value is a number, a string or a boolean. */
export function isScalar(value: unknown): boolean {
  return typeof value === "number" || typeof value === "string" || typeof value === "boolean";
}

const atomicType: MergeType = {
  scalar: "untyped",
  get list(): ListType {
    return { relationship: "atomic", keys: [], element: atomicType };
  },
  get map(): MapType {
    return { isAtomic: true, fields: new Map(), element: atomicType };
  },
};

/** The type of what has no type and is owned as a whole. */
export const untypedAtomic: MergeType = atomicType;

/** The type of what has no type: maps have owners field by field, lists have one. */
export const deducedType: MergeType = {
  scalar: "untyped",
  list: { relationship: "atomic", keys: [], element: untypedAtomic },
  map: {
    isAtomic: false,
    fields: new Map(),
    get element(): MergeType {
      return deducedType;
    },
  },
};

/** Whether a map has no named fields and takes any others: its owners are not told by a schema. */
export function isDeducedMap({ fields, element }: MapType): boolean {
  return fields.size === 0 && element === deducedType;
}
