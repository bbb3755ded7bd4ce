import { type Pod, type ReplicaSet, isPodReady } from "@seaworthy/kube";
import { containerTrouble } from "./container-trouble.ts";
import { eventsOf, podSpecPath, settleMs, type Diagnosis, type RolloutEvidence } from "./diagnosis.ts";
import { probeTrouble } from "./probe-trouble.ts";
import { schedulingTrouble } from "./scheduling-trouble.ts";

/**
 * Says why a rollout is stuck, from the most specific evidence to the least: containers that cannot run,
 * pods that cannot be placed, pods that could not be made, probes that fail. `progress deadline exceeded`
 * is never the answer. Only pods of the newest revision are looked at: old ones may fail for old reasons.
 */
export function diagnose(evidence: RolloutEvidence): Diagnosis | undefined {
  const newest = newestReplicaSet(evidence);
  const pods = newest === undefined ? evidence.pods : evidence.pods.filter((pod) => isOwnedBy(pod, newest));
  const unready = pods.filter((pod) => pod.metadata.deletionTimestamp === undefined && !isPodReady(pod));
  return (
    firstOf(unready, (pod) => containerTrouble(pod, unready.length, evidence)) ??
    firstOf(unready, (pod) => schedulingTrouble(pod, evidence)) ??
    creationTrouble(newest, evidence) ??
    firstOf(unready, (pod) => probeTrouble(pod, unready.length, evidence)) ??
    firstOf(unready, (pod) => stillCreating(pod, evidence)) ??
    paused(evidence) ??
    waitingForMore(evidence, unready)
  );
}

/** The revision's ReplicaSet with the highest revision number. */
function newestReplicaSet({ workload, replicaSets }: RolloutEvidence): ReplicaSet | undefined {
  const revision = (set: ReplicaSet) =>
    Number(set.metadata.annotations?.["deployment.kubernetes.io/revision"] ?? 0);
  const owned = replicaSets.filter((set) => ownerUids(set).includes(workload.metadata.uid ?? ""));
  return owned.toSorted((left, right) => revision(right) - revision(left))[0];
}

function isOwnedBy(pod: Pod, set: ReplicaSet): boolean {
  return ownerUids(pod).includes(set.metadata.uid ?? "");
}

function ownerUids(object: { metadata: { ownerReferences?: { uid: string }[] } }): string[] {
  return (object.metadata.ownerReferences ?? []).map((owner) => owner.uid);
}

function firstOf<T>(items: readonly T[], find: (item: T) => Diagnosis | undefined): Diagnosis | undefined {
  for (const item of items) {
    const found = find(item);
    if (found !== undefined) return found;
  }
  return undefined;
}

function creationTrouble(set: ReplicaSet | undefined, evidence: RolloutEvidence): Diagnosis | undefined {
  const failure = creationFailure(set, evidence);
  if (failure === undefined) return undefined;
  // An old pod that is about to go gives its share of a quota back.
  const isMoving = evidence.pods.some((pod) => pod.metadata.deletionTimestamp !== undefined);
  return {
    kind: "creation",
    sentence: `its pods cannot be made: ${failure.message}`,
    why: "the API server refused the pod: a quota, a policy, or a missing ServiceAccount",
    seen: [failure.seen],
    next: ["mend what the message names"],
    field: podSpecPath(evidence),
    pod: undefined,
    logOf: undefined,
    certainAfterMs: isMoving ? undefined : settleMs,
  };
}

/** ReplicaSets and Deployments have a condition for it, StatefulSets and DaemonSets only events. */
function creationFailure(
  set: ReplicaSet | undefined,
  { workload, pods, events }: RolloutEvidence,
): { readonly message: string; readonly seen: string } | undefined {
  const conditions = [...(set?.status?.conditions ?? []), ...(workload.status?.conditions ?? [])];
  const condition = conditions.find(({ type, status }) => type === "ReplicaFailure" && status === "True");
  if (condition !== undefined) {
    const { reason = "FailedCreate", message = reason } = condition;
    return { message, seen: `ReplicaSet ${set?.metadata.name ?? ""}: ReplicaFailure, ${reason}` };
  }
  const event = events.findLast(
    ({ reason, involvedObject }) =>
      reason === "FailedCreate" && involvedObject?.uid === workload.metadata.uid,
  );
  // Where there are pods, an event tells of a trouble that may be over.
  if (event === undefined || pods.length > 0) return undefined;
  return {
    message: event.message ?? "FailedCreate",
    seen: `event FailedCreate of ${workload.metadata.name}`,
  };
}

function stillCreating(pod: Pod, evidence: RolloutEvidence): Diagnosis | undefined {
  const warning = eventsOf(pod, evidence.events).find((event) => event.type === "Warning");
  if (warning === undefined) return undefined;
  const volume = /volume "([^"]+)"/.exec(warning.message ?? "")?.[1];
  const index = (pod.spec.volumes ?? []).findIndex(({ name }) => name === volume);
  return {
    kind: `set-up: ${warning.reason} ${volume ?? ""}`,
    sentence: `pod ${pod.metadata.name}: ${warning.reason ?? "Warning"}: ${warning.message ?? ""}`,
    why: "the pod's volumes, network or sandbox could not be set up",
    seen: [],
    next: ["mend what the event names"],
    field: index < 0 ? podSpecPath(evidence) : [...podSpecPath(evidence), "volumes", index],
    pod,
    logOf: undefined,
    certainAfterMs: undefined,
  };
}

function paused({ workload }: RolloutEvidence): Diagnosis | undefined {
  if (workload.kind === "Pod" || (workload.spec as { paused?: boolean }).paused !== true) return undefined;
  return {
    kind: "paused",
    sentence: "it is paused",
    why: "a paused Deployment does not roll",
    seen: ["spec.paused is true"],
    next: ["remove spec.paused, or: kubectl rollout resume deployment/" + workload.metadata.name],
    field: ["spec", "paused"],
    pod: undefined,
    logOf: undefined,
    certainAfterMs: 0,
  };
}

function waitingForMore(evidence: RolloutEvidence, unready: readonly Pod[]): Diagnosis | undefined {
  const [pod] = unready;
  if (pod === undefined) return undefined;
  const ready = evidence.pods.length - unready.length;
  return {
    kind: "waiting",
    sentence: `${ready} of ${evidence.pods.length} pods are ready, and ${pod.metadata.name} is not`,
    why: "no probe or container reported a reason",
    seen: [`phase ${pod.status?.phase ?? "unknown"}`],
    next: ["wait longer with --timeout SECONDS"],
    field: podSpecPath(evidence),
    pod,
    logOf: { container: pod.spec.containers[0]?.name ?? "", previous: false },
    certainAfterMs: undefined,
  };
}
