import type { Informer } from "@seaworthy/client";
import { type Pod, isPodActive } from "@seaworthy/kube";
import type { Clock } from "../../clock.ts";
import type { EventRecorder } from "../../event-recorder.ts";
import type { ReplicaOwner } from "../replica-set/replica-owner.ts";
import type { ReplicaFailure } from "../replica-set/replica-set-status.ts";
import { controllerOf } from "./claim-objects.ts";
import { rankForDeletion } from "./deletion-rank.ts";
import { messageOf, podFromTemplate, type PodControl } from "./pod-control.ts";

/** Brings the pods of a ReplicaSet, or of a ReplicationController, to the wanted number. */
export interface PodScaler {
  scale(
    owner: ReplicaOwner,
    active: readonly Pod[],
    events: EventRecorder,
  ): Promise<{ readonly failure?: ReplicaFailure; readonly error?: unknown }>;
}

/** Makes the scaler. */
export function createPodScaler({
  clock,
  owners,
  pods: allPods,
  podControl,
}: {
  readonly clock: Clock;
  readonly owners: Informer<ReplicaOwner>;
  readonly pods: Informer<Pod>;
  readonly podControl: PodControl;
}): PodScaler {
  /** How many pods of the same Deployment (or, without one, of the same ReplicaSet) are on each node. */
  function relatedPodsOnNodes(owner: ReplicaOwner): Map<string, number> {
    const { namespace, uid } = owner.metadata;
    const ownerUid = controllerOf(owner)?.uid;
    const related = new Set([uid]);
    for (const other of owners.list(namespace)) {
      if (ownerUid !== undefined && controllerOf(other)?.uid === ownerUid) related.add(other.metadata.uid);
    }
    const counts = new Map<string, number>();
    for (const pod of allPods.list(namespace)) {
      if (!isPodActive(pod) || !related.has(controllerOf(pod)?.uid ?? "none")) continue;
      const node = pod.spec.nodeName ?? "";
      counts.set(node, (counts.get(node) ?? 0) + 1);
    }
    return counts;
  }

  return {
    async scale(owner, active, events) {
      const surplus = active.length - (owner.spec.replicas ?? 1);
      if (surplus < 0) {
        const pod = podFromTemplate(owner, owner.spec.template);
        const pods = Array.from({ length: Math.min(-surplus, burstReplicas) }, () => pod);
        return failed("FailedCreate", await podControl.create(owner, pods, events));
      }
      if (surplus === 0) return {};
      const ranked = rankForDeletion(active, relatedPodsOnNodes(owner), clock.now());
      const surplusPods = ranked.slice(0, Math.min(surplus, burstReplicas));
      return failed("FailedDelete", await podControl.delete(owner, surplusPods, events));
    },
  };
}

/** BurstReplicas of the ReplicaSet controller. */
const burstReplicas = 500;

function failed(reason: ReplicaFailure["reason"], { error }: { readonly error: unknown }) {
  return error === undefined ? {} : { failure: { reason, message: messageOf(error) }, error };
}
