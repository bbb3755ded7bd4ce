import { groupOf, type KubeObject, type Manifest } from "@seaworthy/kube";
import { findPods, type PodSource } from "./pod-source.ts";

/** All objects that are checked together. */
export interface ObjectSet {
  /** Those whose fields have the types that they should have; what is in custom kinds is not known. */
  readonly manifests: readonly Manifest[];
  /** Every pod that is one of them, or that one of them makes. */
  readonly pods: readonly PodSource[];
  /** Those of a kind; `group` is "" for core. */
  of<T extends KubeObject>(kind: string, group?: string): readonly ManifestOf<T>[];
  /** The object of this kind, namespace and name, if it is among them. */
  find<T extends KubeObject>(kind: string, namespace: string, name: string): ManifestOf<T> | undefined;
}

/** A manifest of which the kind is known. */
export type ManifestOf<T extends KubeObject> = Manifest & { readonly object: T };

/** The namespace of an object; where it names none, that is the one in which it will be applied, called `default` here. */
export function namespaceOf({ metadata }: KubeObject): string {
  return metadata.namespace ?? "default";
}

/** Puts manifests together for rules. */
export function createObjectSet(manifests: readonly Manifest[]): ObjectSet {
  const byKind = Map.groupBy(manifests, ({ object }) => `${groupOf(object.apiVersion)}/${object.kind}`);
  const byName = new Map(
    manifests.map((each) => [
      `${each.object.kind} ${namespaceOf(each.object)}/${each.object.metadata.name}`,
      each,
    ]),
  );
  let pods: readonly PodSource[] | undefined;
  return {
    manifests,
    get pods() {
      return (pods ??= manifests.flatMap(findPods));
    },
    of: <T extends KubeObject>(kind: string, group = "") =>
      (byKind.get(`${group}/${kind}`) ?? []) as unknown as readonly ManifestOf<T>[],
    find: <T extends KubeObject>(kind: string, namespace: string, name: string) =>
      byName.get(`${kind} ${namespace}/${name}`) as ManifestOf<T> | undefined,
  };
}
