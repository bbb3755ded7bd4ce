import type { SecurityContext } from "./effective-context.ts";

/** Capabilities as Linux names them, in lower case and without `cap_`; or all that there are. */
export type Capabilities = readonly string[] | "all";

/**
 * What a container may have: containerd's default, with what is added and without what is dropped. As there, ALL comes before
 * single ones, and names that Linux does not know are passed over.
 * https://github.com/containerd/containerd/blob/v2.1.0/internal/cri/server/container_create.go (runtimeSpec)
 */
export function capabilitiesOf({ privileged, capabilities = {} }: SecurityContext): Capabilities {
  if (privileged === true) return "all";
  const [added, dropped] = [capabilities.add ?? [], capabilities.drop ?? []].map((names) =>
    names.map((name) => name.toLowerCase()),
  ) as [string[], string[]];
  if (dropped.length === 0 && added.includes("all")) return "all";
  const first = dropped.includes("all") ? [] : added.includes("all") ? known : byDefault;
  const withAdded = new Set([...first, ...added.filter((name) => known.includes(name))]);
  return [...withAdded.difference(new Set(dropped))];
}

/** https://github.com/containerd/containerd/blob/v2.1.0/pkg/oci/spec.go (defaultUnixCaps) */
const byDefault = [
  "chown",
  "dac_override",
  "fsetid",
  "fowner",
  "mknod",
  "net_raw",
  "setgid",
  "setuid",
  "setfcap",
  "setpcap",
  "net_bind_service",
  "sys_chroot",
  "kill",
  "audit_write",
];

/** https://man7.org/linux/man-pages/man7/capabilities.7.html, as far as setpriv of util-linux 2.38 names them. */
const known = [
  ...byDefault,
  "dac_read_search",
  "linux_immutable",
  "net_broadcast",
  "net_admin",
  "ipc_lock",
  "ipc_owner",
  "sys_module",
  "sys_rawio",
  "sys_ptrace",
  "sys_pacct",
  "sys_admin",
  "sys_boot",
  "sys_nice",
  "sys_resource",
  "sys_time",
  "sys_tty_config",
  "lease",
  "audit_control",
  "mac_override",
  "mac_admin",
  "syslog",
  "wake_alarm",
  "block_suspend",
  "audit_read",
  "perfmon",
  "bpf",
  "checkpoint_restore",
];
