import type { Change, Informer } from "@seaworthy/client";
import type { SeaworthyError } from "@seaworthy/errors";
import {
  deepEqual,
  type Namespace,
  type NetworkPolicy,
  type Node,
  type Pod,
  type Service,
} from "@seaworthy/kube";
import { keepRules, type KeptRules } from "../../kernel-network/keep-rules.ts";
import type { KernelNetwork } from "../../kernel-network/kernel-network.ts";
import { clusterDnsPod, policyPod } from "./policy-pod.ts";
import { policyRules, type PolicyNode } from "./policy-rules.ts";

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
  const rules = keepRules({
    make: () =>
      policyRules({
        policies: policies.list(),
        pods: pods.list().flatMap((pod) => policyPod(pod) ?? []),
        others: [clusterDnsPod],
        labelsOf: (name) => namespaces.get(undefined, name)?.metadata.labels,
        nodes: nodes.list().flatMap((node) => policyNode(node) ?? []),
        externalIps: services.list().flatMap(({ spec }) => spec.externalIPs ?? []),
      }),
    network,
    onProblem,
  });
  // Pods and nodes tell of themselves all the time, and hardly ever anything that matters here.
  const unsubscribe = [
    policies.onChange(() => rules.changed()),
    pods.onChange(whenSeen(policyPod, () => rules.changed())),
    namespaces.onChange(
      whenSeen(
        ({ metadata }) => metadata.labels,
        () => rules.changed(),
      ),
    ),
    nodes.onChange(whenSeen(policyNode, () => rules.changed())),
    services.onChange(
      whenSeen(
        ({ spec }) => spec.externalIPs,
        () => rules.changed(),
      ),
    ),
  ];
  return {
    ...rules,
    async [Symbol.asyncDispose]() {
      for (const end of unsubscribe) end();
      await rules[Symbol.asyncDispose]();
    },
  };
}

/** Calls back for changes of what `look` sees of an object. */
function whenSeen<T extends Pod | Namespace | Node | Service>(
  look: (object: T) => unknown,
  changed: () => void,
): (change: Change<T>) => void {
  return (change) => {
    if (change.type !== "updated" || !deepEqual(look(change.old), look(change.object))) changed();
  };
}

function policyNode({ spec, status }: Node): PolicyNode | undefined {
  const ip = status?.addresses?.find(({ type }) => type === "InternalIP")?.address;
  const podRange = spec?.podCIDR;
  return ip === undefined || podRange === undefined ? undefined : { ip, podRange };
}
