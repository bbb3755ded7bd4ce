import type { Pod } from "@seaworthy/kube";
import { clusterDnsAddress, clusterDomain } from "../../cluster-dns-address.ts";

/**
 * The text of a pod's own /etc/resolv.conf, by its dnsPolicy and dnsConfig (k8s.io/kubernetes/pkg/kubelet/network/dns). A pod
 * cannot reach the machine's own name servers, so with the policy Default, too, it asks the cluster's, which asks those.
 */
export function resolvConf(pod: Pod): string {
  const { dnsPolicy = "ClusterFirst", dnsConfig = {}, hostNetwork = false } = pod.spec;
  const { namespace = "default" } = pod.metadata;
  // In its node's network a pod has its node's names, unless it asks for the cluster's.
  const usesCluster =
    dnsPolicy === "ClusterFirstWithHostNet" || (dnsPolicy === "ClusterFirst" && !hostNetwork);
  const domains = [`${namespace}.svc.${clusterDomain}`, `svc.${clusterDomain}`, clusterDomain];
  const servers = dnsPolicy === "None" ? [] : [clusterDnsAddress];
  const searches = usesCluster ? domains : [];
  const options = new Map<string, string | undefined>(usesCluster ? [["ndots", "5"]] : []);
  for (const { name = "", value } of dnsConfig.options ?? []) options.set(name, value);
  const allServers = [...new Set([...servers, ...(dnsConfig.nameservers ?? [])])];
  const allSearches = [...new Set([...searches, ...(dnsConfig.searches ?? [])])];
  const words = [...options].map(([name, value]) => (value === undefined ? name : `${name}:${value}`));
  return [
    ...(allSearches.length > 0 ? [`search ${allSearches.join(" ")}`] : []),
    ...allServers.map((server) => `nameserver ${server}`),
    ...(words.length > 0 ? [`options ${words.join(" ")}`] : []),
    "",
  ].join("\n");
}
