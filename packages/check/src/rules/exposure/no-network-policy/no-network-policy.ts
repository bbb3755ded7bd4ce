import { podRule } from "../../../make-rule.ts";
import { policiesOf } from "../../../objects/network/policies.ts";

/** A pod that every other pod of the cluster can reach, or that can reach everything. */
export const noNetworkPolicy = podRule(
  {
    id: "no-network-policy",
    severity: "advice",
    title: "no NetworkPolicy is about a pod",
    why: `Without a NetworkPolicy, each pod of the cluster can ask this one, past Ingress and login, and this one can ask every
address of the cluster and the internet: whoever gets into one pod goes on from there.`,
    mend: `A NetworkPolicy for the pod, with \`policyTypes: [Ingress, Egress]\`: in from the ingress controller and from
Prometheus, out to DNS (port 53, UDP and TCP) and to what the pod asks. It needs a network that enforces it.`,
    sources: ["https://kubernetes.io/docs/concepts/services-networking/network-policies/"],
    profile: "strict",
    peers: {
      "kube-score": ["pod-networkpolicy"],
      "kube-linter": ["non-isolated-pod"],
      polaris: ["missingNetworkPolicy"],
    },
  },
  function* look(pod, set) {
    // NetworkPolicies are not about pods in the node's network.
    if (pod.spec.hostNetwork === true) return;
    const open = (["Ingress", "Egress"] as const).filter((type) => policiesOf(pod, type, set).length === 0);
    if (open.length === 0) return;
    yield {
      path: [],
      message: messages[open.length === 2 ? "both" : open[0] === "Ingress" ? "in" : "out"],
      label: open.length === 2 ? "no NetworkPolicy selects its labels" : `no NetworkPolicy for ${open[0]}`,
      next: ["a NetworkPolicy with its labels as podSelector, and policyTypes: [Ingress, Egress]"],
    };
  },
);

const messages = {
  both: "every pod of the cluster can ask this one, and this one can ask every address: no NetworkPolicy selects it",
  in: "every pod of the cluster can ask this one: no NetworkPolicy limits what comes in",
  out: "the pod can ask every address of the cluster and beyond: no NetworkPolicy limits what goes out",
} as const;
