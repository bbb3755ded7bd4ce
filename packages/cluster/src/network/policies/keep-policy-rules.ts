import type { Informer } from "@seaworthy/client";
import type { SeaworthyError } from "@seaworthy/errors";
import { type Namespace, type NetworkPolicy, type Node, type Pod, type Service } from "@seaworthy/kube";
import { keepRules, type KeptRules } from "../../kernel-network/keep-rules.ts";
import type { KernelNetwork } from "../../kernel-network/kernel-network.ts";
import { nodePlace } from "../pods/node-place.ts";
import { seeEach } from "../pods/see-each.ts";
import { clusterDnsPod, policyPod } from "./policy-pod.ts";
import { policyRules } from "./policy-rules.ts";

/** Keeps the rules for NetworkPolicies: they are written at once when a policy, or what it selects by, has changed. */
export function keepPolicyRules(options: {
  readonly policies: Informer<NetworkPolicy>;
  readonly pods: Informer<Pod>;
  readonly namespaces: Informer<Namespace>;
  readonly nodes: Informer<Node>;
  readonly services: Informer<Service>;
  readonly network: KernelNetwork;
  readonly onProblem: (error: SeaworthyError) => void;
}): KeptRules {
  const { policies, pods, namespaces, nodes, services, network, onProblem } = options;
  const seenPods = seeEach(pods, policyPod);
  const seenLabels = seeEach(namespaces, ({ metadata }) => metadata.labels);
  const places = seeEach(nodes, nodePlace);
  const externalIps = seeEach(services, ({ spec }) => spec.externalIPs);
  return keepRules({
    make() {
      const all = policies.list();
      return policyRules({
        policies: all,
        pods: all.length === 0 ? [] : seenPods.values(),
        others: [clusterDnsPod],
        labelsOf: (name) => namespaces.get(undefined, name)?.metadata.labels,
        nodes: places.values(),
        externalIps: externalIps.values().flat(),
      });
    },
    watch: (changed) => [
      policies.onChange(changed),
      ...[seenPods, seenLabels, places, externalIps].map((seen) => seen.onChange(changed)),
    ],
    network,
    onProblem,
  });
}
