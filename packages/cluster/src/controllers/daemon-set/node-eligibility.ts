import { matchesNodeSelection, taintsOf, untoleratedTaint, type DaemonSet, type Node } from "@seaworthy/kube";
import { daemonPodFor } from "./daemon-pod.ts";

/** Whether a node gets a pod, and whether one that is there may stay. */
export interface Eligibility {
  readonly runs: boolean;
  readonly keeps: boolean;
}

/**
 * Says whether a DaemonSet is for a node. A taint that came later drives out only where it is `NoExecute`.
 * https://github.com/kubernetes/kubernetes/blob/v1.36.3/pkg/controller/daemon/daemon_controller.go (NodeShouldRunDaemonPod)
 */
export function eligibilityOf(daemonSet: DaemonSet, node: Node): Eligibility {
  const pod = daemonPodFor(daemonSet);
  const { nodeName = "" } = pod.spec;
  if (nodeName !== "" && nodeName !== node.metadata.name) return { runs: false, keeps: false };
  if (!matchesNodeSelection(pod, node)) return { runs: false, keeps: false };
  const taints = taintsOf(node);
  const evicting = taints.filter(({ effect }) => effect === "NoExecute");
  return {
    runs: untoleratedTaint(pod, taints) === undefined,
    keeps: untoleratedTaint(pod, evicting) === undefined,
  };
}
