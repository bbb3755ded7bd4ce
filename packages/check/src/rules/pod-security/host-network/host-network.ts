import { podRule } from "../../../make-rule.ts";
import { standardsSources } from "../standards-sources.ts";

/** A pod uses the network of its node. */
export const hostNetwork = podRule(
  {
    id: "host-network",
    severity: "warning",
    title: "a pod uses the network of its node",
    why: `Such a pod can listen on every port of its node, reach what listens on the node's localhost only, and no NetworkPolicy
holds it. Two of its kind do not fit on one node, so that a rollout with a surge may wait for a node that is not there.`,
    mend: `Remove \`hostNetwork\`, and publish the port by a Service. Agents that must see the node's network are meant to have it:
ignore the rule there, and say why.`,
    sources: standardsSources("hostNamespaces"),
    profile: "strict",
    podSecurity: "baseline",
    peers: { "kube-linter": ["host-network"], polaris: ["hostNetworkSet"] },
  },
  function* look({ spec }) {
    if (spec.hostNetwork !== true) return;
    yield {
      path: ["spec", "hostNetwork"],
      message: "the pod uses the network of its node, where no NetworkPolicy holds it",
      label: "the network of the node",
      next: ["remove hostNetwork, or keep such a pod in a namespace of its own"],
    };
  },
);
