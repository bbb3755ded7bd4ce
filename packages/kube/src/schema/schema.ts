import schemaFile from "../schema.generated.json" with { type: "json" };

/** A field of a type, as the Kubernetes API describes it. */
export interface FieldSchema {
  /** A type's name (`core.v1.Container`) or a scalar. */
  readonly type: string;
  readonly shape: "single" | "list" | "map" | "mapOfLists";
  readonly required: boolean;
  /** The key by which a strategic merge patch matches the items of a list. */
  readonly patchMergeKey?: string;
  readonly patchStrategy: readonly ("merge" | "replace" | "retainKeys")[];
  /** How server-side apply merges a list. */
  readonly listType: "atomic" | "map" | "set";
  /** The keys by which server-side apply matches the items of a list of type `map`. */
  readonly listMapKeys: readonly string[];
  /** Whether server-side apply owns a map or a struct as one value. */
  readonly atomic: boolean;
}

/** A type: its fields by name. */
export type TypeSchema = ReadonlyMap<string, FieldSchema>;

/**
 * The generated file. A field is a type's name or a scalar's, then `[]` for a list, `{}` for a map or
 * `[]{}` for a map of lists, then `!` when it is required.
 */
export interface SchemaFile {
  /** The version of Kubernetes that it was taken from. */
  readonly of: string;
  /** From `apiVersion/Kind` to the type's name. */
  readonly kinds: Readonly<Record<string, string>>;
  readonly types: Readonly<Record<string, Readonly<Record<string, string>>>>;
  readonly lists: Readonly<Record<string, ListEntry>>;
  /** Types, and fields as `Type.field`, that server-side apply owns as one value. */
  readonly atomic: readonly string[];
}

interface ListEntry {
  readonly patchMergeKey?: string;
  readonly patchStrategy?: string;
  readonly listType?: string;
  readonly listMapKeys?: readonly string[];
}

const file: SchemaFile = schemaFile;
const atomic: ReadonlySet<string> = new Set(file.atomic);
const types = new Map<string, TypeSchema>();

/** The name of the type of a kind, for `findTypeSchema`; undefined for a kind without a schema. */
export function schemaTypeOf(apiVersion: string, kind: string): string | undefined {
  const name = `${apiVersion}/${kind}`;
  return Object.hasOwn(file.kinds, name) ? file.kinds[name] : undefined;
}

/** The fields of a type by its name, or undefined for scalars. */
export function findTypeSchema(type: string): TypeSchema | undefined {
  const known = types.get(type);
  const written = Object.hasOwn(file.types, type) ? file.types[type] : defined.get(type);
  if (known !== undefined || written === undefined) return known;
  const fields = Object.entries(written);
  const built = new Map(fields.map(([field, text]) => [field, readField(`${type}.${field}`, text)]));
  types.set(type, built);
  return built;
}

/** Makes types known to `findTypeSchema` that Kubernetes does not have, written as in its own schema, by names that are not taken. */
export function defineTypes(written: SchemaFile["types"]): void {
  for (const [name, fields] of Object.entries(written)) defined.set(name, fields);
}

const defined = new Map<string, Readonly<Record<string, string>>>();

/** Whether server-side apply owns every value of a type as one. */
export function isAtomicType(type: string): boolean {
  return atomic.has(type);
}

function readField(path: string, text: string): FieldSchema {
  const match = /^([\w.]+)((?:\[\])?(?:\{\})?)(!?)$/.exec(text);
  if (match === null) throw new TypeError(`schema: cannot read ${path}: ${text}`);
  const [, type = "", suffix = "", required] = match;
  const shapes = { "": "single", "[]": "list", "{}": "map", "[]{}": "mapOfLists" } as const;
  const merge = file.lists[path] ?? {};
  return {
    type,
    shape: shapes[suffix as keyof typeof shapes],
    required: required === "!",
    ...(merge.patchMergeKey === undefined ? {} : { patchMergeKey: merge.patchMergeKey }),
    patchStrategy: (merge.patchStrategy?.split(",") ?? []) as FieldSchema["patchStrategy"],
    listType: (merge.listType as "map" | "set" | undefined) ?? "atomic",
    listMapKeys: merge.listMapKeys ?? [],
    atomic: atomic.has(path) || (suffix === "" && atomic.has(type)),
  };
}
