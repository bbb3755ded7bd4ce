import type { KubeObject } from "@seaworthy/kube";
import type { ManifestOf, ObjectSet } from "./object-set.ts";

/** The objects of a kind that may be in the namespace of another object: in its own, or in none by name. */
export function near<T extends KubeObject>(
  set: ObjectSet,
  { metadata }: KubeObject,
  kind: string,
  group = "",
): readonly ManifestOf<T>[] {
  const all = set.of<T>(kind, group);
  if (metadata.namespace === undefined) return all;
  let places = indexes.get(all);
  if (places === undefined) {
    places = Map.groupBy(all, ({ object }) => object.metadata.namespace ?? "");
    indexes.set(all, places);
  }
  const here = (places.get(metadata.namespace) ?? []) as ManifestOf<T>[];
  const anywhere = (places.get("") ?? []) as ManifestOf<T>[];
  return anywhere.length === 0 ? here : [...here, ...anywhere];
}

/** Each pod asks, and there may be thousands of both. A set gives the same list at each call. */
const indexes = new WeakMap<readonly object[], ReadonlyMap<string, readonly object[]>>();
