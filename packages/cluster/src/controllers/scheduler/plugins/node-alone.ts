import { hostPorts, type Pod } from "@seaworthy/kube";
import { demandOf } from "../node-info.ts";
import { perNode } from "../per-node.ts";
import { problemsOf } from "../plugin.ts";
import { freeHostPorts } from "./free-host-ports.ts";
import { nodeAffinity } from "./node-affinity.ts";
import { resourcesFit } from "./resources-fit.ts";
import { nodeUnschedulable, taintToleration } from "./taint-toleration.ts";

/** The filters that look at nothing but a node and its pods, in the order of the default profile. */
export const nodeAlone = perNode(keyOf, (pod: Pod) => {
  const filters = [
    nodeUnschedulable(pod),
    taintToleration(pod),
    nodeAffinity(pod),
    freeHostPorts(pod),
    resourcesFit(pod),
  ].filter((filter) => filter !== undefined);
  return (info) => problemsOf(info, filters);
});

/** All that these filters read of a pod. */
function keyOf(pod: Pod): string {
  const { nodeSelector, affinity, tolerations } = pod.spec;
  const requests = [...demandOf(pod).requests].join();
  return JSON.stringify([nodeSelector, affinity?.nodeAffinity, tolerations, hostPorts(pod), requests]);
}
