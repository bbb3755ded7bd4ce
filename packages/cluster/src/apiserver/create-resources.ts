import { apiVersionOf, apiVersionsOf, type Kinds, type ServedType } from "@seaworthy/kube";
import { findBehavior } from "./find-behavior.ts";
import type { Resource, Resources } from "./resource.ts";

/** Makes resources of kinds, each when it is first asked for. */
export function createResources(kinds: Kinds): Resources {
  const made = new WeakMap<ServedType, Resource>();
  const resourceOf = (type: ServedType): Resource => {
    const resource = made.get(type) ?? makeResource(type, kinds);
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

function makeResource(type: ServedType, kinds: Kinds): Resource {
  const storage = type.storage ?? { status: "none" };
  const { group, plural, apiVersion } = storage.storedWith ?? {
    ...type,
    apiVersion: storedApiVersion(type),
  };
  return {
    ...storage,
    ...findBehavior(type),
    type,
    storedAs: apiVersion,
    collection: `${group}/${plural}`,
    typeIn: (version) => kinds.find(version, type.kind),
  };
}

function storedApiVersion(type: ServedType): string {
  const { group, storedVersion, apiVersion } = type;
  if (storedVersion !== undefined) return apiVersionOf({ group, version: storedVersion });
  return apiVersionsOf(type)[0] ?? apiVersion;
}
