import { matchesLabelSelector, type NetworkPolicy } from "@seaworthy/kube";
import { mayMeet, type ObjectSet } from "./object-set.ts";
import type { PodSource } from "./pod-source.ts";

/** The NetworkPolicies that select a pod. */
export function policiesOf({ labels, manifest }: PodSource, set: ObjectSet): NetworkPolicy[] {
  const index = indexOf(set);
  return ["", ...Object.entries(labels).map(([key, value]) => `${key}=${value}`)]
    .flatMap((pair) => index.get(pair) ?? [])
    .filter((policy) => mayMeet(policy, manifest.object))
    .filter(({ spec }) => matchesLabelSelector(spec?.podSelector ?? {}, labels));
}

/** Policies by the first label that they select by; "" where there is none. Each pod asks, and there may be thousands of both. */
function indexOf(set: ObjectSet): ReadonlyMap<string, readonly NetworkPolicy[]> {
  const known = indexes.get(set);
  if (known !== undefined) return known;
  const policies = set.of<NetworkPolicy>("NetworkPolicy", "networking.k8s.io").map(({ object }) => object);
  const index = Map.groupBy(policies, ({ spec }) => {
    const [first] = Object.entries(spec?.podSelector?.matchLabels ?? {});
    return first === undefined ? "" : `${first[0]}=${first[1]}`;
  });
  indexes.set(set, index);
  return index;
}

const indexes = new WeakMap<ObjectSet, ReadonlyMap<string, readonly NetworkPolicy[]>>();
