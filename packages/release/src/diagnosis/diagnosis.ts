import type { CoreEvent, Node, Pod, ReplicaSet } from "@seaworthy/kube";
import type { Rolled } from "../rollout-kinds.ts";

/** What the cluster says about a workload, or about a Pod that nobody manages, as one moment's copy. */
export interface RolloutEvidence {
  readonly workload: Rolled;
  readonly replicaSets: readonly ReplicaSet[];
  readonly pods: readonly Pod[];
  readonly events: readonly CoreEvent[];
  /** All nodes and the pods of all namespaces: looked up only when a pod fits on no node, and only if they may be read. */
  readonly scheduling?: { readonly nodes: readonly Node[]; readonly pods: readonly Pod[] };
}

/** The first specific reason why a rollout does not move. */
export interface Diagnosis {
  /** The same for the same trouble, whichever pod has it and however often. */
  readonly kind: string;
  /** Completes "rollout of shop is stuck: …". */
  readonly sentence: string;
  readonly why: string;
  readonly seen: readonly string[];
  readonly next: readonly string[];
  /** The field to look at, as a path into the workload. */
  readonly field: readonly (string | number)[];
  /** The pod that shows it. */
  readonly pod: Pod | undefined;
  /** Whose log tells more, if any does. */
  readonly logOf: { readonly container: string; readonly previous: boolean } | undefined;
  /** How long it must stay like this until waiting longer cannot help; undefined when only time tells. */
  readonly certainAfterMs: number | undefined;
}

/** Where the pod's spec is in the workload. */
export function podSpecPath({ workload }: RolloutEvidence): readonly string[] {
  return workload.kind === "Pod" ? ["spec"] : ["spec", "template", "spec"];
}

/** The events of a pod, in the order in which they came. */
export function eventsOf(pod: Pod, events: readonly CoreEvent[]): CoreEvent[] {
  return events.filter(
    ({ involvedObject }) =>
      involvedObject?.uid === pod.metadata.uid ||
      (involvedObject?.kind === "Pod" && involvedObject.name === pod.metadata.name),
  );
}

/** How many pods are concerned, and one of them by name. */
export function waitingLine(count: number, pod: Pod): string {
  return count === 1
    ? `1 new pod is not ready: ${pod.metadata.name}`
    : `${count} new pods are not ready, among them ${pod.metadata.name}`;
}

/** Long enough for what mends itself: a cache that lags, an object that is made at the same time, a first try that fails. */
export const settleMs = 10_000;
