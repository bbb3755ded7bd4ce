import {
  isPodReady,
  podAvailableAtMs,
  type ControllerRevision,
  type Pod,
  type StatefulSet,
  type StatefulSetStatus,
} from "@seaworthy/kube";
import { revisionOfPod } from "./stateful-pod.ts";

/** The templates of a set: the one that its pods have had, and the one that they shall have. */
export interface SetRevisions {
  readonly current: ControllerRevision;
  readonly update: ControllerRevision;
  readonly collisionCount: number;
}

/**
 * What the pods of a set add up to. When all of them are of the new revision, it becomes the current one.
 * https://github.com/kubernetes/kubernetes/blob/v1.36.3/pkg/controller/statefulset/stateful_set_control.go (updateStatus)
 */
export function calculateStatefulSetStatus(
  { metadata, spec }: StatefulSet,
  { current, update, collisionCount }: SetRevisions,
  pods: readonly Pod[],
  deletedForUpdate: number,
  nowMs: number,
): StatefulSetStatus {
  const { minReadySeconds = 0, replicas: wanted = 1, updateStrategy } = spec;
  const created = pods.filter(({ status }) => (status?.phase ?? "") !== "");
  const ready = created.filter((pod) => pod.status?.phase === "Running" && isPodReady(pod));
  const available = ready.filter((pod) => (podAvailableAtMs(pod, minReadySeconds) ?? Infinity) <= nowMs);
  const staying = created.filter((pod) => pod.metadata.deletionTimestamp === undefined);
  const madeOf = (revision: ControllerRevision) =>
    staying.filter((pod) => revisionOfPod(pod) === revision.metadata.name).length;
  const updated = madeOf(update);
  const isComplete =
    updateStrategy?.type === "RollingUpdate" &&
    [updated, ready.length, created.length].every((count) => count === wanted);
  return {
    observedGeneration: metadata.generation ?? 0,
    replicas: created.length,
    ...(ready.length === 0 ? {} : { readyReplicas: ready.length }),
    ...currentReplicas(isComplete ? updated : madeOf(current) - deletedForUpdate),
    ...(updated === 0 ? {} : { updatedReplicas: updated }),
    currentRevision: (isComplete ? update : current).metadata.name,
    updateRevision: update.metadata.name,
    collisionCount,
    availableReplicas: available.length,
  };
}

function currentReplicas(count: number): { currentReplicas?: number } {
  return count <= 0 ? {} : { currentReplicas: count };
}
