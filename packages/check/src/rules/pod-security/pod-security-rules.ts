import type { Rule } from "../../rule.ts";
import { appArmorUnconfined } from "./app-armor-unconfined/app-armor-unconfined.ts";
import { capabilitiesKept } from "./capabilities-kept/capabilities-kept.ts";
import { capabilityAdded } from "./capability-added/capability-added.ts";
import { capabilityOfNode } from "./capability-of-node/capability-of-node.ts";
import { hostIpc } from "./host-ipc/host-ipc.ts";
import { hostNetwork } from "./host-network/host-network.ts";
import { hostPath } from "./host-path/host-path.ts";
import { hostPid } from "./host-pid/host-pid.ts";
import { hostPort } from "./host-port/host-port.ts";
import { privilegeEscalation } from "./privilege-escalation/privilege-escalation.ts";
import { privileged } from "./privileged/privileged.ts";
import { probeHost } from "./probe-host/probe-host.ts";
import { procMount } from "./proc-mount/proc-mount.ts";
import { procMountInUserNamespace } from "./proc-mount-in-user-namespace/proc-mount-in-user-namespace.ts";
import { restrictedVolume } from "./restricted-volume/restricted-volume.ts";
import { runAsNonRoot } from "./run-as-non-root/run-as-non-root.ts";
import { runAsRoot } from "./run-as-root/run-as-root.ts";
import { seccompUnconfined } from "./seccomp-unconfined/seccomp-unconfined.ts";
import { seccompUnset } from "./seccomp-unset/seccomp-unset.ts";
import { selinuxOptions } from "./selinux-options/selinux-options.ts";
import { unsafeSysctl } from "./unsafe-sysctl/unsafe-sysctl.ts";
import { windowsHostProcess } from "./windows-host-process/windows-host-process.ts";

/** The controls of the Pod Security Standards, as Kubernetes 1.36 checks them. */
export const podSecurityRules: readonly Rule[] = [
  privileged,
  hostNetwork,
  hostPid,
  hostIpc,
  hostPath,
  hostPort,
  probeHost,
  capabilityOfNode,
  capabilityAdded,
  capabilitiesKept,
  privilegeEscalation,
  runAsNonRoot,
  runAsRoot,
  procMount,
  procMountInUserNamespace,
  restrictedVolume,
  seccompUnset,
  seccompUnconfined,
  appArmorUnconfined,
  selinuxOptions,
  unsafeSysctl,
  windowsHostProcess,
];
