import {
  customKind,
  defineTypes,
  groupOf,
  isCustomKind,
  schemaTypeOf,
  validateObject,
  withoutNulls,
  type CustomResourceDefinition,
  type Kind,
  type KubeObject,
  type Manifest,
} from "@seaworthy/kube";
import { loadCustomSchemas, type CustomSchemas } from "./custom-schemas.ts";
import { definitionTypes } from "./definition-types.ts";

/** What is known of the kind of a custom object. */
interface CustomType {
  readonly type: string;
  /** The kind in this version, where its definition is among the files. */
  readonly kind: Kind | undefined;
  /** The type of its well-known schema, if it has one. */
  readonly wellKnown: string | undefined;
}

const known = new WeakMap<KubeObject, CustomType>();

/** The name of an object's type, for `validateObject`; undefined where nothing is known of its kind. */
export function typeOf(object: KubeObject): string | undefined {
  return schemaTypeOf(object.apiVersion, object.kind) ?? known.get(object)?.type;
}

/** The kind of a custom object as its definition among the files has it. */
export function definedKindOf(object: KubeObject): Kind | undefined {
  return known.get(object)?.kind;
}

/** The name of an object's type in the schema of its well-known group, also where a definition among the files takes its place. */
export function wellKnownTypeOf(object: KubeObject): string | undefined {
  return known.get(object)?.wellKnown;
}

/** Whether its kind is well known, but not in this version, whose fields may be others. */
export function isOfUnknownVersion(object: KubeObject): boolean {
  return ofUnknownVersion.has(object);
}

const ofUnknownVersion = new WeakSet<KubeObject>();

/**
 * Finds out what custom objects may hold: from the CustomResourceDefinitions beside them, or else from the schemas of well-known
 * groups, which are read only when an object is of one of them.
 */
export async function loadCustomTypes(manifests: readonly Manifest[]): Promise<void> {
  const objects = manifests.map(({ object }) => object);
  const custom = objects.filter(({ apiVersion, kind }) => isCustomKind(apiVersion, kind));
  if (custom.length === 0) return;
  const definitions = objects.map((object) => withoutNulls(object)).filter(isDefinition);
  for (const [group, members] of Map.groupBy(custom, ({ apiVersion }) => groupOf(apiVersion))) {
    const own = definitions.filter(({ spec }) => spec.group === group);
    const defined = own.map(defineOnce);
    const packaged = await packagedTypes(group);
    const wellKnownKinds = new Set(Object.keys(packaged?.kinds ?? {}).map((name) => name.split("/").at(-1)));
    for (const object of members) {
      const name = `${object.apiVersion}/${object.kind}`;
      const byFile = defined.find(({ kinds }) => Object.hasOwn(kinds, name));
      const wellKnown = packaged?.kinds[name];
      if (wellKnown === undefined && wellKnownKinds.has(object.kind)) ofUnknownVersion.add(object);
      const type = byFile?.kinds[name] ?? wellKnown;
      if (type !== undefined) known.set(object, { type, kind: byFile && kindOf(object, own), wellKnown });
    }
  }
}

/** A definition that can be read; of another one nothing is taken. */
function isDefinition(object: KubeObject): object is CustomResourceDefinition {
  return (
    object.apiVersion === "apiextensions.k8s.io/v1" &&
    object.kind === "CustomResourceDefinition" &&
    validateObject({ spec: {}, ...object }).every(({ kind }) => kind === "unknown-field")
  );
}

const definedBy = new WeakMap<CustomResourceDefinition, CustomSchemas>();
let definedCount = 0;

function defineOnce(definition: CustomResourceDefinition): CustomSchemas {
  let schemas = definedBy.get(definition);
  if (schemas === undefined) {
    schemas = definitionTypes(definition, `definition${(definedCount += 1)}`);
    definedBy.set(definition, schemas);
    defineTypes(schemas.types);
  }
  return schemas;
}

const packagedBy = new Map<string, CustomSchemas>();

async function packagedTypes(group: string): Promise<CustomSchemas | undefined> {
  const before = packagedBy.get(group);
  if (before !== undefined) return before;
  const schemas = await loadCustomSchemas(group);
  if (schemas === undefined) return undefined;
  defineTypes(schemas.types);
  packagedBy.set(group, schemas);
  return schemas;
}

function kindOf(object: KubeObject, definitions: readonly CustomResourceDefinition[]): Kind | undefined {
  const definition = definitions.find(({ spec }) => spec.names.kind === object.kind);
  if (definition === undefined) return undefined;
  const kind = customKind(definition);
  const version = object.apiVersion.slice(object.apiVersion.indexOf("/") + 1);
  const traits = kind.versionTraits?.[version];
  return traits === undefined ? undefined : { ...kind, ...traits };
}
