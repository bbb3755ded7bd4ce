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
  // Each node has one of a DaemonSet's pods, and who writes pods by themselves may write several.
  if (replicas === undefined) return true;
  if (valueAtPath(object, ".spec.strategy.type") === "Recreate") return false;
  return replicas.most > 1 || object.kind !== "StatefulSet";
}
