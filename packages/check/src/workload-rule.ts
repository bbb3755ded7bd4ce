import type { Manifest } from "@seaworthy/kube";
import type { ObjectSet } from "./objects/object-set.ts";
import type { PodSource } from "./objects/pod-source.ts";
import { replicasOf, type ReplicaCount } from "./objects/workloads/replica-count.ts";
import type { FoundField, Rule, RulePage } from "./rule.ts";

/** What keeps a number of pods alive: a Deployment, a StatefulSet, and what is like them. */
export interface Workload {
  readonly pod: PodSource;
  readonly replicas: ReplicaCount;
  /** Whether each of its pods has a name and data of its own. */
  readonly isOrdered: boolean;
}

/** A rule about each workload whose pods are counted. Paths are from the workload, or from the manifest that is named. */
export function workloadRule(
  page: RulePage,
  look: (workload: Workload, set: ObjectSet) => Iterable<FoundField & { readonly manifest?: Manifest }>,
): Rule {
  return {
    ...page,
    *check(set) {
      for (const pod of set.pods) {
        const { manifest } = pod;
        const replicas = replicasOf(manifest, set);
        if (replicas === undefined) continue;
        const isOrdered = manifest.object.kind === "StatefulSet";
        for (const found of look({ pod, replicas, isOrdered }, set)) yield { manifest, ...found };
      }
    },
  };
}
