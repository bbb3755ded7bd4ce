import { apiServerAddress, apiServerNames } from "../../api-server-address.ts";
import type { Pod } from "@seaworthy/kube";

/** The text of a pod's own /etc/hosts. */
export function hostsFile(pod: Pod, ip: string, hostname: string): string {
  const aliases = (pod.spec.hostAliases ?? []).map(
    (alias) => `${alias.ip}\t${(alias.hostnames ?? []).join("\t")}\n`,
  );
  // There is no DNS in a pod; this one Service its programs can reach.
  const own = pod.metadata.namespace === "default" ? ["kubernetes"] : [];
  const apiServer = `${apiServerAddress}\t${[...apiServerNames, ...own].join("\t")}\n`;
  return `127.0.0.1\tlocalhost\n::1\tlocalhost\n${ip}\t${hostname}\n${apiServer}${aliases.join("")}`;
}
