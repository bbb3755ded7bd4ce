import type { Pod } from "../object.ts";
import { podAmounts, resourceAmounts, sumResources, type Resources } from "./pod-amounts.ts";

/**
 * What a pod requests of a node: what its containers do, its overhead, and its place. `whereMissing` is counted for each
 * container that does not request the resource.
 */
export function podRequests(pod: Pod, whereMissing?: Resources): Resources {
  return sumResources([
    podAmounts(pod, "requests", whereMissing),
    resourceAmounts(pod.spec.overhead),
    onePod,
  ]);
}

const onePod: Resources = new Map([["pods", 1_000_000_000n]]);
