import { apiVersionsOf, type Kinds, type KubeObject, type ServedType, type Storage } from "@seaworthy/kube";
import type { Behavior } from "./behavior.ts";
import { findBehavior } from "./find-behavior.ts";

/** A type as this server serves it. */
export interface Resource extends Storage, Behavior {
  readonly type: ServedType;
  /** Its collection in the store. The versions of a kind share one. */
  readonly collection: string;
  /** The version in which its objects are stored. */
  readonly storedAs: string;
}

/** The types of a server, as its kinds have them at the moment. */
export interface Resources {
  list(): readonly Resource[];
  /** The resource at `/apis/{group}/{version}/{plural}`. */
  find(group: string, version: string, plural: string): Resource | undefined;
}

/** Makes resources of kinds, each when it is first asked for. */
export function createResources(kinds: Kinds): Resources {
  const made = new WeakMap<ServedType, Resource>();
  const resourceOf = (type: ServedType): Resource => {
    const resource = made.get(type) ?? makeResource(type);
    made.set(type, resource);
    return resource;
  };
  return {
    list: () => kinds.list().map(resourceOf),
    find(group, version, plural) {
      const type = kinds.findByPath(group, version, plural);
      return type === undefined ? undefined : resourceOf(type);
    },
  };
}

function makeResource(type: ServedType): Resource {
  const [storedAs = type.apiVersion] = apiVersionsOf(type);
  const storage = type.storage ?? { status: "none" };
  return { ...storage, ...findBehavior(type), type, storedAs, collection: `${type.group}/${type.plural}` };
}

/** The key of an object inside its collection. */
export function keyOf(namespace: string | undefined, name: string): string {
  return namespace === undefined ? name : `${namespace}/${name}`;
}

/** What a client is to be warned of in an object that was taken; `old` is there when the object took its place. */
export function warningsOf(resource: Resource, object: KubeObject, old?: KubeObject): string[] {
  return [...(resource.type.warnings?.(object, old) ?? [])];
}

/** The fields that a field selector may name, with their values for one object. */
export function selectableFields(
  resource: Resource,
  object: KubeObject,
): Readonly<Record<string, string | undefined>> {
  const { name, namespace } = object.metadata;
  return { ...resource.selectableFields?.(object), "metadata.name": name, "metadata.namespace": namespace };
}
