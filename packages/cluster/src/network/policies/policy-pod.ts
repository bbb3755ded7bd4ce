import { hasPodEnded, runningContainers, type Pod } from "@seaworthy/kube";
import { clusterDnsEndpoint } from "../../cluster-dns-address.ts";

/** A pod as NetworkPolicies see it. */
export interface PolicyPod {
  readonly namespace: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly ip: string;
  /** Its ports that have names. */
  readonly ports: readonly NamedPort[];
}

/** A port that a policy may call by its name. */
export interface NamedPort {
  readonly name: string;
  /** `tcp`, `udp` or `sctp`. */
  readonly protocol: string;
  readonly port: number;
}

/** What policies see of a pod; undefined without an address of its own, or when that address is free for others again. */
export function policyPod(pod: Pod): PolicyPod | undefined {
  const { podIP } = pod.status ?? {};
  if (podIP === undefined || pod.spec.hostNetwork === true || hasPodEnded(pod)) return undefined;
  const ports = runningContainers(pod.spec).flatMap(({ ports: all = [] }) =>
    all.flatMap(({ name, protocol = "TCP", containerPort: port }) =>
      name === undefined ? [] : [{ name, protocol: protocol.toLowerCase(), port }],
    ),
  );
  const { namespace = "default", labels = {} } = pod.metadata;
  return { namespace, labels, ip: podIP, ports };
}

/** What answers names here is no pod, but policies allow it by the labels and ports of CoreDNS' pods (kubeadm). */
export const clusterDnsPod: PolicyPod = {
  namespace: "kube-system",
  labels: { "k8s-app": "kube-dns" },
  ip: clusterDnsEndpoint,
  ports: [
    { name: "dns", protocol: "udp", port: 53 },
    { name: "dns-tcp", protocol: "tcp", port: 53 },
  ],
};
