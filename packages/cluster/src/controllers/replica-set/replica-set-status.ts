import {
  matchesLabelSelector,
  type Pod,
  type ReplicaSetStatus,
  timestamp,
  podAvailableAtMs,
  isPodReady,
} from "@seaworthy/kube";
import type { ReplicaOwner } from "./replica-owner.ts";

/** Why a ReplicaSet could not bring its pods to the wanted number. */
export interface ReplicaFailure {
  readonly reason: "FailedCreate" | "FailedDelete";
  readonly message: string;
}

/** What the pods of a ReplicaSet add up to (k8s.io/kubernetes/pkg/controller/replicaset, calculateStatus). */
export function calculateReplicaSetStatus(
  owner: ReplicaOwner,
  active: readonly Pod[],
  terminating: readonly Pod[],
  failure: ReplicaFailure | undefined,
  nowMs: number,
): ReplicaSetStatus {
  const { minReadySeconds = 0, template } = owner.spec;
  const matchLabels = template?.metadata?.labels ?? {};
  const count = (matches: (pod: Pod) => boolean) => active.filter((pod) => matches(pod)).length;
  const fullyLabeled = count((pod) => matchesLabelSelector({ matchLabels }, pod.metadata.labels));
  const available = count((pod) => (podAvailableAtMs(pod, minReadySeconds) ?? Infinity) <= nowMs);
  const conditions = nextConditions(owner.status?.conditions ?? [], failure, nowMs);
  return {
    replicas: active.length,
    ...nonZero("fullyLabeledReplicas", fullyLabeled),
    ...nonZero("readyReplicas", count(isPodReady)),
    ...nonZero("availableReplicas", available),
    ...nonZero("terminatingReplicas", terminating.length),
    observedGeneration: owner.metadata.generation ?? 0,
    ...(conditions.length === 0 ? {} : { conditions }),
  };
}

type Conditions = NonNullable<ReplicaSetStatus["conditions"]>;

function nextConditions(present: Conditions, failure: ReplicaFailure | undefined, nowMs: number): Conditions {
  const others = present.filter(({ type }) => type !== "ReplicaFailure");
  if (failure === undefined) return others;
  const same = present.find(({ type, reason }) => type === "ReplicaFailure" && reason === failure.reason);
  if (same !== undefined) return present;
  const condition = {
    type: "ReplicaFailure",
    status: "True",
    lastTransitionTime: timestamp(nowMs),
    ...failure,
  };
  return [...others, condition];
}

function nonZero<K extends string>(field: K, count: number): Partial<Record<K, number>> {
  return count === 0 ? {} : ({ [field]: count } as Record<K, number>);
}
