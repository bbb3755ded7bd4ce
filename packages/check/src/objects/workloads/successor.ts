import { valueAtPath } from "@seaworthy/kube";
import type { ObjectSet } from "../object-set.ts";
import type { PodSource } from "../pod-source.ts";
import { replicasOf } from "./replica-count.ts";

/**
 * Whether another pod serves while one of these ends. To let the only pod of a StatefulSet, or one that is recreated, serve on
 * only puts off its successor.
 */
export function hasSuccessor({ manifest }: PodSource, set: ObjectSet): boolean {
  const { object } = manifest;
  const replicas = replicasOf(manifest, set);
  // A DaemonSet's pods are on every node, and a pod that something made has others beside it.
  if (replicas === undefined)
    return object.kind !== "Pod" || (object.metadata.ownerReferences ?? []).length > 0;
  if (valueAtPath(object, ".spec.strategy.type") === "Recreate") return false;
  return replicas.most > 1 || object.kind !== "StatefulSet";
}
