import { ApiError, isNotFound, type Informer, type KubeClient } from "@seaworthy/client";
import { resourceTypes, type Pod, type ReplicaSet, isPodActive } from "@seaworthy/kube";
import { controllerOf, controllerReference } from "./claim-objects.ts";
import type { Clock } from "../../clock.ts";
import type { EventRecorder } from "../../event-recorder.ts";
import { rankForDeletion } from "./deletion-rank.ts";
import type { Expectations } from "./expectations.ts";
import type { ReplicaFailure } from "../replica-set/replica-set-status.ts";
import { slowStart } from "./slow-start.ts";

/** Brings a ReplicaSet's pods to the wanted number. */
export interface PodScaler {
  scale(
    replicaSet: ReplicaSet,
    active: readonly Pod[],
    recorder: EventRecorder,
  ): Promise<{ readonly failure?: ReplicaFailure; readonly error?: unknown }>;
}

/** Makes the scaler; it tells `expectations` of each pod that it creates or deletes. */
export function createPodScaler({
  client,
  clock,
  replicaSets,
  pods: allPods,
  expectations,
}: {
  readonly client: KubeClient;
  readonly clock: Clock;
  readonly replicaSets: Informer<ReplicaSet>;
  readonly pods: Informer<Pod>;
  readonly expectations: Expectations;
}): PodScaler {
  async function createPods(replicaSet: ReplicaSet, count: number, recorder: EventRecorder) {
    const owner = replicaSet.metadata.uid ?? "";
    expectations.expectCreations(owner, count);
    const { succeeded, error } = await slowStart(count, async () => {
      try {
        const pod = await client.create(resourceTypes.pods, podFrom(replicaSet));
        recorder.event(replicaSet, "Normal", "SuccessfulCreate", `Created pod: ${pod.metadata.name}`);
      } catch (error) {
        // While a namespace is emptied every create is refused: that is no news, and trying again is no use.
        if (!isNamespaceTerminating(error)) {
          recorder.event(replicaSet, "Warning", "FailedCreate", `Error creating: ${messageOf(error)}`);
        }
        throw error;
      }
    });
    for (let missing = succeeded; missing < count; missing += 1) expectations.creationObserved(owner);
    if (error === undefined || isNamespaceTerminating(error)) return {};
    return { failure: { reason: "FailedCreate", message: messageOf(error) } as const, error };
  }

  async function deletePods(replicaSet: ReplicaSet, pods: readonly Pod[], recorder: EventRecorder) {
    const owner = replicaSet.metadata.uid ?? "";
    const uids = pods.map((pod) => pod.metadata.uid ?? "");
    expectations.expectDeletions(owner, uids);
    const results = await Promise.allSettled(pods.map((pod) => deletePod(replicaSet, pod, recorder)));
    const failed = results.find((result) => result.status === "rejected");
    if (failed === undefined) return {};
    const error: unknown = failed.reason;
    return { failure: { reason: "FailedDelete", message: messageOf(error) } as const, error };
  }

  async function deletePod(replicaSet: ReplicaSet, pod: Pod, recorder: EventRecorder): Promise<void> {
    const { namespace, name, uid } = pod.metadata;
    try {
      await client.delete(resourceTypes.pods, namespace, name, uid === undefined ? {} : { uid });
      recorder.event(replicaSet, "Normal", "SuccessfulDelete", `Deleted pod: ${name}`);
    } catch (error) {
      expectations.deletionObserved(replicaSet.metadata.uid ?? "", uid ?? "");
      if (isNotFound(error)) return;
      recorder.event(replicaSet, "Warning", "FailedDelete", `Error deleting: ${messageOf(error)}`);
      throw error;
    }
  }

  /** How many pods of the same Deployment (or, without one, of the same ReplicaSet) are on each node. */
  function relatedPodsOnNodes(replicaSet: ReplicaSet): Map<string, number> {
    const { namespace, uid } = replicaSet.metadata;
    const ownerUid = controllerOf(replicaSet)?.uid;
    const related = new Set([uid]);
    for (const other of replicaSets.list(namespace)) {
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
    async scale(replicaSet, active, recorder) {
      const surplus = active.length - (replicaSet.spec.replicas ?? 1);
      if (surplus < 0) return createPods(replicaSet, Math.min(-surplus, burstReplicas), recorder);
      if (surplus === 0) return {};
      const ranked = rankForDeletion(active, relatedPodsOnNodes(replicaSet), clock.now());
      return deletePods(replicaSet, ranked.slice(0, Math.min(surplus, burstReplicas)), recorder);
    },
  };
}

/** BurstReplicas of the ReplicaSet controller. */
const burstReplicas = 500;

function podFrom(replicaSet: ReplicaSet): Pod {
  const { name, namespace } = replicaSet.metadata;
  const { metadata = {}, spec = { containers: [] } } = replicaSet.spec.template ?? {};
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: {
      name: "",
      generateName: `${name}-`,
      ...(namespace === undefined ? {} : { namespace }),
      ...(metadata.labels === undefined ? {} : { labels: metadata.labels }),
      ...(metadata.annotations === undefined ? {} : { annotations: metadata.annotations }),
      ...(metadata.finalizers === undefined ? {} : { finalizers: metadata.finalizers }),
      ownerReferences: [controllerReference(replicaSet)],
    },
    spec,
  };
}

function isNamespaceTerminating(error: unknown): boolean {
  const causes = error instanceof ApiError ? (error.status.details?.causes ?? []) : [];
  return causes.some(({ reason }) => reason === "NamespaceTerminating");
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
