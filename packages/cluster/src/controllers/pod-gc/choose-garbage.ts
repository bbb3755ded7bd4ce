import { hasPodEnded, parseTimestamp, type Node, type Pod } from "@seaworthy/kube";

/** How many pods that have ended may lie around (--terminated-pod-gc-threshold). */
const mostEnded = 12_500;

/** Pods that nobody will take away, by the reason. */
export interface Garbage {
  /** The oldest of those that have ended, where there are too many; evicted ones first. */
  readonly ended: readonly Pod[];
  /** Being deleted on a node that does not answer and is said to be out of service. */
  readonly outOfService: readonly Pod[];
  /** Being deleted before they had a node. */
  readonly unplaced: readonly Pod[];
  /** On nodes that are not there; these may yet come back. */
  readonly orphaned: readonly Pod[];
}

/**
 * Looks for pods that no kubelet will ever end or delete.
 * https://github.com/kubernetes/kubernetes/blob/v1.36.3/pkg/controller/podgc/gc_controller.go
 */
export function chooseGarbage(pods: readonly Pod[], nodes: readonly Node[], threshold = mostEnded): Garbage {
  const byName = new Map(nodes.map((node) => [node.metadata.name, node]));
  const nodeName = ({ spec }: Pod) => spec.nodeName ?? "";
  const terminating = pods.filter(({ metadata }) => metadata.deletionTimestamp !== undefined);
  const ended = pods.filter(hasPodEnded).toSorted(byEvictionAndAge);
  return {
    ended: ended.slice(0, Math.max(0, ended.length - threshold)),
    outOfService: terminating.filter((pod) => isOutOfService(byName.get(nodeName(pod)))),
    unplaced: terminating.filter((pod) => nodeName(pod) === ""),
    orphaned: pods.filter((pod) => nodeName(pod) !== "" && !byName.has(nodeName(pod))),
  };
}

function isOutOfService(node: Node | undefined): boolean {
  if (node === undefined) return false;
  const isReady = node.status?.conditions?.some(({ type, status }) => type === "Ready" && status === "True");
  const isTainted = node.spec?.taints?.some(({ key }) => key === "node.kubernetes.io/out-of-service");
  return isReady !== true && isTainted === true;
}

function byEvictionAndAge(left: Pod, right: Pod): number {
  const isEvicted = ({ status }: Pod) => Number(status?.phase === "Failed" && status.reason === "Evicted");
  const createdMs = ({ metadata }: Pod) => parseTimestamp(metadata.creationTimestamp) ?? 0;
  return (
    isEvicted(right) - isEvicted(left) ||
    createdMs(left) - createdMs(right) ||
    (left.metadata.name < right.metadata.name ? -1 : 1)
  );
}
