import type { Node } from "@seaworthy/kube";
import type { Behavior } from "../resource.ts";

/**
 * Nodes, which take no pods until they are said to be ready: the admission plugin TaintNodesByCondition.
 * https://github.com/kubernetes/kubernetes/blob/v1.36.3/plugin/pkg/admission/nodetaint/admission.go
 */
export const nodeBehavior: Behavior = {
  prepareCreate(draft) {
    const node = draft as Node;
    const taints = node.spec?.taints ?? [];
    if (!taints.some(({ key, effect }) => key === notReady.key && effect === notReady.effect))
      node.spec = { ...node.spec, taints: [...taints, notReady] };
    return [];
  },
};

const notReady = { key: "node.kubernetes.io/not-ready", effect: "NoSchedule" };
