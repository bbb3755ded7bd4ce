import type { Container, Pod } from "@seaworthy/kube";
import type { ContainerSpec, PodRuntime } from "../runtime/pod-runtime.ts";
import { containerUser, type AccountFiles, type ContainerUser } from "./container-user.ts";
import { effectiveContext } from "./effective-context.ts";
import { firstUnreadable, type Access } from "./first-unreadable.ts";
import { privilegesOf } from "./privileges.ts";

/** What a container's `securityContext` comes to on this machine. */
export interface ContainerSecurity extends Pick<ContainerSpec, "privileges" | "readOnlyRoot" | "sysctls"> {
  /** Where it is not the runtime's: the home of the user as whom it runs. */
  readonly home: string | undefined;
  /** What is other than in a cluster, for its event. */
  readonly notice: string | undefined;
}

/** What is asked of the machine. */
export interface SecurityFiles {
  readonly accounts: () => AccountFiles;
  readonly stat: (path: string) => Access;
  /** The files and folders of this machine that the container is made of. */
  readonly needed: readonly string[];
}

/** Reads a container's `securityContext`, as far as the runtime holds containers to it. */
export function containerSecurity(
  pod: Pod,
  container: Container,
  imageUser: string | undefined,
  holds: PodRuntime["holds"],
  files: SecurityFiles,
): ContainerSecurity {
  if (holds === "nothing") return { home: undefined, notice: undefined };
  const user = holds === "users" ? containerUser(pod, container, imageUser, files.accounts) : undefined;
  const unreadable = user === undefined ? undefined : firstUnreadable(files.needed, user, files.stat);
  const privileges = privilegesOf(pod, container, user, unreadable !== undefined);
  return {
    ...(privileges === undefined ? {} : { privileges }),
    readOnlyRoot: effectiveContext(pod, container).readOnlyRootFilesystem === true,
    sysctls: sysctlsOf(pod),
    home: user === undefined || user.uid === 0 ? undefined : user.home,
    notice: unreadable === undefined ? undefined : readsAll(user!, unreadable),
  };
}

function readsAll({ uid }: ContainerUser, path: string): string {
  return `User ${uid} may not read ${path} of this machine, which the container is made of: it may read all files (CAP_DAC_READ_SEARCH)`;
}

/** In the network of a node these would be the node's. */
function sysctlsOf({ spec }: Pod): Record<string, string> {
  const { sysctls = [] } = spec.securityContext ?? {};
  const own = sysctls.filter(({ name }) => spec.hostNetwork !== true && /^net[./]/.test(name));
  return Object.fromEntries(own.map(({ name, value }) => [name.replaceAll("/", "."), value]));
}
