import { apiVersionOf, resourceTypes, type KubeObject, type ServedType } from "@seaworthy/kube";
import { findStrategy } from "./strategies/find-strategy.ts";
import type { Strategy } from "./strategies/strategy.ts";

/** A type as this server serves it. */
export interface Resource extends Strategy {
  readonly type: ServedType;
  readonly apiVersion: string;
  /** Its collection in the store. */
  readonly collection: string;
}

/** Every type that the server stores. */
export const resources: readonly Resource[] = Object.values(resourceTypes).map((type) => ({
  ...findStrategy(type.plural),
  type,
  apiVersion: apiVersionOf(type),
  collection: `${type.group}/${type.plural}`,
}));

/** The resource at `/apis/{group}/{version}/{plural}`. */
export function findResource(group: string, version: string, plural: string): Resource | undefined {
  return byPath.get(`${group}/${version}/${plural}`);
}

/** The key of an object inside its collection. */
export function keyOf(namespace: string | undefined, name: string): string {
  return namespace === undefined ? name : `${namespace}/${name}`;
}

/** The fields that a field selector may name, with their values for one object. */
export function selectableFields(
  resource: Resource,
  object: KubeObject,
): Readonly<Record<string, string | undefined>> {
  const { name, namespace } = object.metadata;
  return { ...resource.selectableFields?.(object), "metadata.name": name, "metadata.namespace": namespace };
}

const byPath = new Map(
  resources.map((resource) => [
    `${resource.type.group}/${resource.type.version}/${resource.type.plural}`,
    resource,
  ]),
);
