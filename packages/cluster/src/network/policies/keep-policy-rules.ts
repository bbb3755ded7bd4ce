import type { Informer } from "@seaworthy/client";
import type { SeaworthyError } from "@seaworthy/errors";
import { type Namespace, type NetworkPolicy, type Node, type Pod, type Service } from "@seaworthy/kube";
import { keepRules, type KeptRules } from "../../kernel-network/keep-rules.ts";
import type { KernelNetwork } from "../../kernel-network/kernel-network.ts";
import { nodePlace } from "../pods/node-place.ts";
import { whenSeen } from "../pods/when-seen.ts";
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
  return keepRules({
    make: () =>
      policyRules({
        policies: policies.list(),
        pods: pods.list().flatMap((pod) => policyPod(pod) ?? []),
        others: [clusterDnsPod],
        labelsOf: (name) => namespaces.get(undefined, name)?.metadata.labels,
        nodes: nodes.list().flatMap((node) => nodePlace(node) ?? []),
        externalIps: services.list().flatMap(({ spec }) => spec.externalIPs ?? []),
      }),
    watch: (changed) => [
      policies.onChange(changed),
      pods.onChange(whenSeen(policyPod, changed)),
      namespaces.onChange(whenSeen(({ metadata }) => metadata.labels, changed)),
      nodes.onChange(whenSeen(nodePlace, changed)),
      services.onChange(whenSeen(({ spec }) => spec.externalIPs, changed)),
    ],
    network,
    onProblem,
  });
}
