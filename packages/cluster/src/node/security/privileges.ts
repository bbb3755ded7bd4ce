import type { Container, Pod } from "@seaworthy/kube";
import { capabilitiesOf, type Capabilities } from "./capabilities.ts";
import type { ContainerUser } from "./container-user.ts";
import { effectiveContext } from "./effective-context.ts";

/** As whom a container's processes run, and what they may do. */
export interface Privileges {
  /** Absent: as whom the runtime runs. */
  readonly user?: Pick<ContainerUser, "uid" | "gid" | "groups">;
  readonly capabilities: Capabilities;
  /** Whether no program gives its processes more than they have: `allowPrivilegeEscalation: false`. */
  readonly noNewPrivileges: boolean;
  /** Whether it may read all files, because its user cannot read what it is made of on this machine. */
  readonly readsAllFiles: boolean;
}

/** What the kernel is to hold a container to; undefined where it has what the runtime has, and no further program stands before it. */
export function privilegesOf(
  pod: Pod,
  container: Container,
  user: ContainerUser | undefined,
  readsAllFiles: boolean,
): Privileges | undefined {
  const context = effectiveContext(pod, container);
  const noNewPrivileges = context.allowPrivilegeEscalation === false;
  const capabilities = capabilitiesOf(context);
  if (user === undefined && !noNewPrivileges && capabilities === "all") return undefined;
  return { ...(user === undefined ? {} : { user }), capabilities, noNewPrivileges, readsAllFiles };
}
