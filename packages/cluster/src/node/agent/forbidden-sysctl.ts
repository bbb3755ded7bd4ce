import type { Pod } from "@seaworthy/kube";
import type { Rejection } from "./admit-pod.ts";

/**
 * Why the kubelet does not take a pod for the parameters of the kernel that it sets: all but those that are a pod's own and
 * harmless to others have to be allowed by a node's administrator.
 * https://github.com/kubernetes/kubernetes/blob/v1.36.3/pkg/kubelet/sysctl/allowlist.go
 */
export function forbiddenSysctl({ spec }: Pod): Rejection | undefined {
  for (const { name } of spec.securityContext?.sysctls ?? []) {
    const why = whyForbidden(name.replaceAll("/", "."), spec.hostNetwork === true, spec.hostIPC === true);
    if (why !== undefined)
      return {
        reason: "SysctlForbidden",
        message: `forbidden sysctl: "${name.replaceAll("/", ".")}" ${why}`,
      };
  }
  return undefined;
}

function whyForbidden(name: string, hostNetwork: boolean, hostIpc: boolean): string | undefined {
  if (!safe.has(name)) return "not allowlisted";
  if (hostNetwork && name.startsWith("net.")) return "not allowed with host net enabled";
  return hostIpc && name.startsWith("kernel.") ? "not allowed with host ipc enabled" : undefined;
}

/** https://github.com/kubernetes/kubernetes/blob/v1.36.3/pkg/kubelet/sysctl/safe_sysctls.go */
const safe = new Set([
  "kernel.shm_rmid_forced",
  "net.ipv4.ip_local_port_range",
  "net.ipv4.tcp_syncookies",
  "net.ipv4.ping_group_range",
  "net.ipv4.ip_unprivileged_port_start",
  "net.ipv4.ip_local_reserved_ports",
  "net.ipv4.tcp_keepalive_time",
  "net.ipv4.tcp_fin_timeout",
  "net.ipv4.tcp_keepalive_intvl",
  "net.ipv4.tcp_keepalive_probes",
  "net.ipv4.tcp_rmem",
  "net.ipv4.tcp_wmem",
]);
