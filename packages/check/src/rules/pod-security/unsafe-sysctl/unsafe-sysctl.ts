import { podRule } from "../../../make-rule.ts";
import { standardsSources } from "../standards-sources.ts";

/** A sysctl that the kubelet refuses by itself. */
export const unsafeSysctl = podRule(
  {
    id: "unsafe-sysctl",
    severity: "warning",
    title: "a pod sets a sysctl that kubelets refuse",
    why: `A kubelet lets pods set a few sysctls only, those that change nothing for other pods. With another one the pod
fails at once with SysctlForbidden, unless the administrator of that very node has allowed it with
\`--allowed-unsafe-sysctls\`; on the next node it may fail again.`,
    mend: `Remove it, or have it allowed on the nodes of one node pool and bind the pod to that pool.`,
    sources: [
      ...standardsSources("sysctls"),
      "https://kubernetes.io/docs/tasks/administer-cluster/sysctl-cluster/",
    ],
    profile: "default",
    podSecurity: "baseline",
    peers: { "kube-linter": ["unsafe-sysctls"] },
  },
  function* look({ spec }) {
    for (const [index, { name }] of (spec.securityContext?.sysctls ?? []).entries()) {
      if (safeSysctls.has(name)) continue;
      yield {
        path: ["spec", "securityContext", "sysctls", index, "name"],
        message: `the kubelet refuses the pod for the sysctl ${name}, unless its node allows it`,
        label: "not one of the safe ones",
        next: ["remove it, or have it allowed on the nodes: --allowed-unsafe-sysctls"],
      };
    }
  },
);

const safeSysctls: ReadonlySet<string> = new Set([
  "kernel.shm_rmid_forced",
  "net.ipv4.ip_local_port_range",
  "net.ipv4.ip_local_reserved_ports",
  "net.ipv4.ip_unprivileged_port_start",
  "net.ipv4.ping_group_range",
  "net.ipv4.tcp_fin_timeout",
  "net.ipv4.tcp_keepalive_intvl",
  "net.ipv4.tcp_keepalive_probes",
  "net.ipv4.tcp_keepalive_time",
  "net.ipv4.tcp_rmem",
  "net.ipv4.tcp_syncookies",
  "net.ipv4.tcp_wmem",
]);
