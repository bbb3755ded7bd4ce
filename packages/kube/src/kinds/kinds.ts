import type { KubeObject } from "../object.ts";
import type { JsonObject } from "../patch/json-value.ts";
import { gatewayDefinitionOf } from "../gateway-api/gateway-definitions.ts";
import { builtInKinds, findBuiltInKind, isCustomKind } from "./built-in-kinds.ts";
import { apiVersionsOf, type Kind } from "./kind.ts";

/** A kind in one of its versions: where its REST path is, and how kubectl may call it. */
export interface ServedType extends Kind {
  readonly version: string;
  /** The `apiVersion` of its objects: `v1` or `apps/v1`. */
  readonly apiVersion: string;
  readonly singular: string;
  readonly listKind: string;
  /** The schema of a custom kind in this version; absent for Kubernetes' own kinds. */
  readonly openAPIV3Schema?: JsonObject;
}

/** The kinds that an API server serves. More may come, and go, while it runs. */
export interface Kinds {
  /** Each kind in each of its versions. */
  list(): ServedType[];
  /** Each kind once, in the version to use first: its versions show the same objects. */
  preferred(): ServedType[];
  /** The type of an object, or undefined when it is not served. */
  find(apiVersion: string, kind: string): ServedType | undefined;
  /** The type at `/apis/{group}/{version}/{plural}`. */
  findByPath(group: string, version: string, plural: string): ServedType | undefined;
  /** Takes a kind in; one of the same group and name must not be there. The function that is returned takes it out again. */
  add(kind: Kind): () => void;
  /** Puts a kind in the place of the one of the same group and plural. It keeps its objects. */
  replace(kind: Kind): void;
  /** Calls back when a kind has come, changed or gone. Returns a function that ends it. */
  onChange(listener: () => void): () => void;
}

/** Makes a registry of kinds. By default it has those of Kubernetes whose storage is known. */
export function createKinds(kinds: Iterable<Kind> = servedKinds): Kinds {
  const byObject = new Map<string, ServedType>();
  const byPath = new Map<string, ServedType>();
  const listeners = new Set<() => void>();

  function insert(kind: Kind): void {
    const types = servedTypes(kind);
    for (const type of types)
      if (byObject.has(objectKey(type))) throw new TypeError(`${objectKey(type)} is served already`);
    for (const type of types) {
      byObject.set(objectKey(type), type);
      byPath.set(typePath(type), type);
    }
  }

  function remove({ group, plural }: Kind): void {
    for (const [key, type] of byObject)
      if (type.group === group && type.plural === plural) {
        byObject.delete(key);
        byPath.delete(typePath(type));
      }
  }

  function tell(): void {
    for (const listener of listeners) listener();
  }

  for (const kind of kinds) insert(kind);
  return {
    list: () => [...byObject.values()],
    preferred: () => [...byObject.values()].filter(({ version, versions }) => version === versions[0]),
    find: (apiVersion, kind) => byObject.get(`${apiVersion}/${kind}`),
    findByPath: (group, version, plural) => byPath.get(typePath({ group, version, plural })),
    add(kind) {
      insert(kind);
      tell();
      return () => {
        remove(kind);
        tell();
      };
    },
    replace(kind) {
      remove(kind);
      insert(kind);
      tell();
    },
    onChange(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

/** A kind in each of its versions, the one to use first. */
export function servedTypes(kind: Kind): ServedType[] {
  const apiVersions = apiVersionsOf(kind);
  return kind.versions.map((version, index) => ({
    ...kind,
    ...kind.versionTraits?.[version],
    version,
    apiVersion: apiVersions[index] ?? version,
    singular: kind.singular ?? kind.kind.toLowerCase(),
    listKind: kind.listKind ?? `${kind.kind}List`,
  }));
}

/** Kubernetes' own kinds that the embedded cluster serves. */
export const servedKinds: readonly Kind[] = builtInKinds.filter(isServed);

/** Whether the embedded cluster acts upon an object, rather than not to know its kind or only to store it. */
export function actsUpon(object: KubeObject): boolean {
  if (gatewayDefinitionOf(object) !== undefined) return true;
  const found = findBuiltInKind(object.apiVersion, object.kind);
  return found !== undefined && isServed(found) && !isIdle(object);
}

/** Whether the embedded cluster stores an object and shows it, and does nothing about it, as with nearly every custom kind. */
export function isIdle(object: KubeObject): boolean {
  const { apiVersion, kind } = object;
  if (gatewayDefinitionOf(object) !== undefined) return false;
  return findBuiltInKind(apiVersion, kind)?.idle === true || isCustomKind(apiVersion, kind);
}

/** Whether an object of a kind that is known here lives in a namespace. */
export function isNamespaced(object: KubeObject): boolean {
  const isBuiltIn = findBuiltInKind(object.apiVersion, object.kind)?.namespaced === true;
  return isBuiltIn || gatewayDefinitionOf(object)?.spec.scope === "Namespaced";
}

function isServed({ storage }: Kind): boolean {
  return storage !== undefined;
}

function objectKey({ apiVersion, kind }: ServedType): string {
  return `${apiVersion}/${kind}`;
}

/** What tells types apart: `apps/v1/deployments`. */
export function typePath({
  group,
  version,
  plural,
}: Pick<ServedType, "group" | "version" | "plural">): string {
  return `${group}/${version}/${plural}`;
}
