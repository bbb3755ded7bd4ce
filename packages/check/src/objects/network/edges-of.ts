import type { KubeObject } from "@seaworthy/kube";
import { mayMeet, type ObjectSet } from "../object-set.ts";
import type { PodSource } from "../pod-source.ts";
import { servicesOf } from "../selecting.ts";
import { ownerOf } from "./backend-service.ts";
import { backendsOf, type Backend } from "./backends.ts";

/** What sends requests from outside to a pod: an Ingress, a route, or a Service that is a load balancer. */
export function edgesOf(pod: PodSource, set: ObjectSet): KubeObject[] {
  return servicesOf(pod, set).flatMap(({ object }) => {
    const own = object.spec.type === "LoadBalancer" ? [object] : [];
    const named = backendsByService(set).get(object.metadata.name) ?? [];
    const leading = named.filter((backend) => mayMeet(ownerOf(backend), object));
    return [...own, ...new Set(leading.map(({ manifest }) => manifest.object))];
  });
}

/** Each pod asks, and there may be thousands of both. */
const indexes = new WeakMap<ObjectSet, ReadonlyMap<string, readonly Backend[]>>();

function backendsByService(set: ObjectSet): ReadonlyMap<string, readonly Backend[]> {
  const known = indexes.get(set);
  if (known !== undefined) return known;
  const index = Map.groupBy(backendsOf(set), ({ service }) => service);
  indexes.set(set, index);
  return index;
}
