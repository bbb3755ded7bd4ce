import { apiServerAddress, apiServerNames } from "../../api-server-address.ts";
import { clusterDomain } from "../../cluster-dns-address.ts";
import type { Pod } from "@seaworthy/kube";
import type { PodPlace } from "../agent/take-place.ts";

/**
 * The text of a pod's own /etc/hosts. `hasDns` is whether its programs can look up names of the cluster.
 * https://github.com/kubernetes/kubernetes/blob/v1.36.3/pkg/kubelet/kubelet_pods.go (managedHostsFileContent, nodeHostsFileContent)
 */
export function hostsFile(
  pod: Pod,
  { ip, hostname, hostNetwork }: Pick<PodPlace, "ip" | "hostname" | "hostNetwork">,
  hasDns: boolean,
): string {
  const { hostAliases = [] } = pod.spec;
  const names = hostNetwork ? [hostname] : podNames(pod, hostname);
  const lines = [
    [`# Kubernetes-managed hosts file${hostNetwork ? " (host network)" : ""}.`],
    ...local,
    [ip, ...names],
    ...(hasDns ? [] : [[apiServerAddress, ...apiServerNames, ...shortNames(pod)]]),
    ...(hostAliases.length === 0 ? [] : [[""], ["# Entries added by HostAliases."]]),
    ...hostAliases.map((alias) => [alias.ip, ...(alias.hostnames ?? [])]),
  ];
  return lines.map((words) => `${words.join("\t")}\n`).join("");
}

const local = [
  ["127.0.0.1", "localhost"],
  ["::1", "localhost ip6-localhost ip6-loopback"],
  ["fe00::0", "ip6-localnet"],
  ["fe00::0", "ip6-mcastprefix"],
  ["fe00::1", "ip6-allnodes"],
  ["fe00::2", "ip6-allrouters"],
];

function podNames({ metadata: { namespace = "default" }, spec }: Pod, hostname: string): string[] {
  const { subdomain = "" } = spec;
  const inService = `${hostname}.${subdomain}.${namespace}.svc.${clusterDomain}`;
  return [...(subdomain === "" ? [] : [inService]), hostname];
}

/** The API server's name as it is without a namespace. */
function shortNames({ metadata: { namespace = "default" } }: Pod): string[] {
  return namespace === "default" ? ["kubernetes"] : [];
}
