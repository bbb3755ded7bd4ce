import {
  type Deployment,
  type DeploymentCondition,
  type DeploymentStatus,
  type ReplicaSet,
  parseTimestamp,
  timestamp,
} from "@seaworthy/kube";
import { resolveFenceposts, sumReplicas, wantedReplicas } from "./rolling-update.ts";

/** What the ReplicaSets say, added up (k8s.io/kubernetes/pkg/controller/deployment/sync.go, calculateStatus). */
export function calculateStatus(
  deployment: Deployment,
  old: readonly ReplicaSet[],
  newReplicaSet: ReplicaSet | undefined,
  nowMs: number,
): DeploymentStatus {
  const all = newReplicaSet === undefined ? old : [...old, newReplicaSet];
  const available = sumStatus(all, "availableReplicas");
  const unavailable = Math.max(0, sumReplicas(all) - available);
  const terminating = sumStatus(all, "terminatingReplicas");
  const collisionCount = deployment.status?.collisionCount;
  const enough = available >= wantedReplicas(deployment) - resolveFenceposts(deployment).unavailable;
  const status = {
    observedGeneration: deployment.metadata.generation ?? 0,
    ...nonZero("replicas", sumStatus(all, "replicas")),
    ...nonZero("updatedReplicas", newReplicaSet?.status?.replicas ?? 0),
    ...nonZero("readyReplicas", sumStatus(all, "readyReplicas")),
    ...nonZero("availableReplicas", available),
    ...nonZero("unavailableReplicas", unavailable),
    ...nonZero("terminatingReplicas", terminating),
    ...(collisionCount === undefined ? {} : { collisionCount }),
    conditions: deployment.status?.conditions ?? [],
  };
  return withCondition(status, enough ? minimumAvailable : minimumUnavailable, nowMs);
}

/** Whether every pod is of the current template and available, and no other is left. */
export function isComplete(deployment: Deployment, status: DeploymentStatus): boolean {
  const wanted = wantedReplicas(deployment);
  return (
    (status.updatedReplicas ?? 0) === wanted &&
    (status.replicas ?? 0) === wanted &&
    (status.availableReplicas ?? 0) === wanted &&
    (status.observedGeneration ?? 0) >= (deployment.metadata.generation ?? 0)
  );
}

/**
 * Adds how the rollout goes: done, going on, or past its deadline
 * (k8s.io/kubernetes/pkg/controller/deployment/progress.go, syncRolloutStatus).
 */
export function withProgress(
  deployment: Deployment,
  status: DeploymentStatus,
  newReplicaSet: ReplicaSet | undefined,
  nowMs: number,
): DeploymentStatus {
  const present = conditionOf(status, "Progressing");
  const subject =
    newReplicaSet === undefined
      ? `Deployment "${deployment.metadata.name}"`
      : `ReplicaSet "${newReplicaSet.metadata.name}"`;
  const wasComplete =
    (status.replicas ?? 0) === (status.updatedReplicas ?? 0) && present?.reason === "NewReplicaSetAvailable";
  if (!hasProgressDeadline(deployment)) return withoutCondition(status, "Progressing");
  if (wasComplete) return status;
  if (isComplete(deployment, status)) {
    const message = `${subject} has successfully progressed.`;
    return withCondition(status, progressing("True", "NewReplicaSetAvailable", message), nowMs);
  }
  if (isProgressing(deployment.status ?? {}, status)) {
    const condition = progressing("True", "ReplicaSetUpdated", `${subject} is progressing.`);
    // Taken out first, so that the time of the last update moves with every bit of progress.
    const next = withCondition(withoutCondition(status, "Progressing"), condition, nowMs);
    const unmoved = present?.status === "True" ? present.lastTransitionTime : undefined;
    return unmoved === undefined ? next : withTransitionTime(next, unmoved);
  }
  if (isTimedOut(deployment, status, nowMs)) {
    const message = `${subject} has timed out progressing.`;
    return withCondition(status, progressing("False", "ProgressDeadlineExceeded", message), nowMs);
  }
  return status;
}

/** When the deadline of a rollout that does not progress must be looked at, or undefined when it need not. */
export function progressCheckDelayMs(
  deployment: Deployment,
  status: DeploymentStatus,
  nowMs: number,
): number | undefined {
  const condition = conditionOf(status, "Progressing");
  if (!hasProgressDeadline(deployment) || condition === undefined) return undefined;
  if (isComplete(deployment, status) || condition.reason === "ProgressDeadlineExceeded") return undefined;
  const dueMs = (parseTimestamp(condition.lastUpdateTime) ?? nowMs) + deadlineMs(deployment);
  // One second more, because the times in the API have no finer resolution.
  return Math.max(0, dueMs - nowMs) + 1000;
}

/** A Progressing condition. */
export function progressing(
  status: "True" | "False" | "Unknown",
  reason: string,
  message: string,
): NewCondition {
  return { type: "Progressing", status, reason, message };
}

/** A condition before it is stamped with times. */
export type NewCondition = Pick<DeploymentCondition, "type" | "status"> & { reason: string; message: string };

/** Sets a condition unless it says the same already; its transition time moves only with its status. */
export function withCondition(
  status: DeploymentStatus,
  condition: NewCondition,
  nowMs: number,
): DeploymentStatus {
  const present = conditionOf(status, condition.type);
  if (present?.status === condition.status && present.reason === condition.reason) return status;
  const now = timestamp(nowMs);
  const lastTransitionTime = present?.status === condition.status ? (present.lastTransitionTime ?? now) : now;
  const others = (status.conditions ?? []).filter(({ type }) => type !== condition.type);
  return { ...status, conditions: [...others, { ...condition, lastUpdateTime: now, lastTransitionTime }] };
}

/** The condition of a type. */
export function conditionOf(
  status: DeploymentStatus | undefined,
  type: string,
): DeploymentCondition | undefined {
  return status?.conditions?.find((condition) => condition.type === type);
}

/** Whether the Deployment judges its rollouts by a deadline. */
export function hasProgressDeadline(deployment: Deployment): boolean {
  const seconds = deployment.spec.progressDeadlineSeconds;
  return seconds !== undefined && seconds !== 2 ** 31 - 1;
}

/** Tells in the Deployment's status why a ReplicaSet cannot make its pods, or that it can again. */
export function withReplicaFailure(
  status: DeploymentStatus,
  old: readonly ReplicaSet[],
  newReplicaSet: ReplicaSet | undefined,
  nowMs: number,
): DeploymentStatus {
  const failures = [...(newReplicaSet === undefined ? [] : [newReplicaSet]), ...old].flatMap((replicaSet) =>
    (replicaSet.status?.conditions ?? []).filter(({ type }) => type === "ReplicaFailure"),
  );
  const failure = failures[0];
  if (failure === undefined) return withoutCondition(status, "ReplicaFailure");
  const { type, status: value, reason = "", message = "" } = failure;
  return withCondition(status, { type, status: value, reason, message }, nowMs);
}

const minimumAvailable: NewCondition = {
  type: "Available",
  status: "True",
  reason: "MinimumReplicasAvailable",
  message: "Deployment has minimum availability.",
};

const minimumUnavailable: NewCondition = {
  type: "Available",
  status: "False",
  reason: "MinimumReplicasUnavailable",
  message: "Deployment does not have minimum availability.",
};

function isProgressing(before: DeploymentStatus, now: DeploymentStatus): boolean {
  const old = (status: DeploymentStatus) => (status.replicas ?? 0) - (status.updatedReplicas ?? 0);
  return (
    (now.updatedReplicas ?? 0) > (before.updatedReplicas ?? 0) ||
    old(now) < old(before) ||
    (now.readyReplicas ?? 0) > (before.readyReplicas ?? 0) ||
    (now.availableReplicas ?? 0) > (before.availableReplicas ?? 0)
  );
}

function isTimedOut(deployment: Deployment, status: DeploymentStatus, nowMs: number): boolean {
  const condition = conditionOf(status, "Progressing");
  if (condition === undefined || condition.reason === "NewReplicaSetAvailable") return false;
  if (condition.reason === "ProgressDeadlineExceeded") return true;
  const fromMs = parseTimestamp(condition.lastUpdateTime) ?? nowMs;
  return fromMs + deadlineMs(deployment) < nowMs;
}

function deadlineMs(deployment: Deployment): number {
  return (deployment.spec.progressDeadlineSeconds ?? 600) * 1000;
}

function withoutCondition(status: DeploymentStatus, type: string): DeploymentStatus {
  return { ...status, conditions: (status.conditions ?? []).filter((condition) => condition.type !== type) };
}

function withTransitionTime(status: DeploymentStatus, lastTransitionTime: string): DeploymentStatus {
  const conditions = (status.conditions ?? []).map((condition) =>
    condition.type === "Progressing" ? { ...condition, lastTransitionTime } : condition,
  );
  return { ...status, conditions };
}

type Count = "replicas" | "readyReplicas" | "availableReplicas" | "terminatingReplicas";

function sumStatus(replicaSets: readonly ReplicaSet[], field: Count): number {
  return replicaSets.reduce((sum, replicaSet) => sum + (replicaSet.status?.[field] ?? 0), 0);
}

/** Go's `omitempty`: a count of 0 is not written. */
function nonZero<K extends string>(field: K, count: number): Partial<Record<K, number>> {
  return count === 0 ? {} : ({ [field]: count } as Record<K, number>);
}
