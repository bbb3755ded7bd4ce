import { apiServerAddress, apiServerNames } from "../../api-server-address.ts";
import { clusterDomain } from "../../cluster-dns-address.ts";
import type { Pod } from "@seaworthy/kube";

/** The text of a pod's own /etc/hosts. `hasDns` is whether its programs can look up names of the cluster. */
export function hostsFile(pod: Pod, ip: string, hostname: string, hasDns: boolean): string {
  const { subdomain = "", hostAliases = [] } = pod.spec;
  const { namespace = "default" } = pod.metadata;
  const names = [
    ...(subdomain === "" ? [] : [`${hostname}.${subdomain}.${namespace}.svc.${clusterDomain}`]),
    hostname,
  ];
  const lines = [
    ["127.0.0.1", "localhost"],
    ["::1", "localhost"],
    [ip, ...names],
    ...(hasDns
      ? []
      : [[apiServerAddress, ...apiServerNames, ...(namespace === "default" ? ["kubernetes"] : [])]]),
    ...hostAliases.map((alias) => [alias.ip, ...(alias.hostnames ?? [])]),
  ];
  return lines.map((words) => `${words.join("\t")}\n`).join("");
}
