import type { KubeObject } from "@seaworthy/kube";
import type { ObjectSet } from "./object-set.ts";
import type { PodSource } from "./pod-source.ts";

/** The pods that may be in the namespace of an object. */
export function podsNear({ metadata: { namespace } }: KubeObject, set: ObjectSet): readonly PodSource[] {
  if (namespace === undefined) return set.pods;
  let places = indexes.get(set);
  if (places === undefined) {
    places = Map.groupBy(set.pods, ({ manifest }) => manifest.object.metadata.namespace ?? "");
    indexes.set(set, places);
  }
  const here = places.get(namespace) ?? [];
  const anywhere = places.get("") ?? [];
  return anywhere.length === 0 ? here : [...here, ...anywhere];
}

/** Each policy and each autoscaler asks, and there may be thousands of them. */
const indexes = new WeakMap<ObjectSet, ReadonlyMap<string, readonly PodSource[]>>();
