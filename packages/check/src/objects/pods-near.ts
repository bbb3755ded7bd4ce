import type { KubeObject } from "@seaworthy/kube";
import { mayMeet, type ObjectSet } from "./object-set.ts";
import type { PodSource } from "./pod-source.ts";

/** The pods that may be in the namespace of an object. */
export function podsNear(object: KubeObject, set: ObjectSet): readonly PodSource[] {
  const { namespace } = object.metadata;
  if (namespace === undefined) return set.pods;
  let places = indexes.get(set);
  if (places === undefined) {
    places = Map.groupBy(set.pods, ({ manifest }) => manifest.object.metadata.namespace ?? "");
    indexes.set(set, places);
  }
  return [...(places.get(namespace) ?? []), ...(places.get("") ?? [])].filter(({ manifest }) =>
    mayMeet(manifest.object, object),
  );
}

/** Each policy asks, and there may be thousands of both. */
const indexes = new WeakMap<ObjectSet, ReadonlyMap<string, readonly PodSource[]>>();
