import type { Container, Pod } from "@seaworthy/kube";
import { effectiveContext } from "./effective-context.ts";

/** As whom a container runs. */
export interface ContainerUser {
  readonly uid: number;
  readonly gid: number;
  /** Its further groups. */
  readonly groups: readonly number[];
  /** Its home, by the container's /etc/passwd. */
  readonly home: string;
}

/** The lines of /etc/passwd and /etc/group that a container goes by. */
export interface AccountFiles {
  readonly passwd: string;
  readonly group: string;
}

/**
 * As whom a container runs: what the pod says, else its image's USER, else root. Undefined where nobody says anything.
 * Rejects a USER that the container's files do not know, as containerd does.
 * https://github.com/kubernetes/kubernetes/blob/v1.36.3/pkg/kubelet/kuberuntime/security_context.go,
 * https://github.com/containerd/containerd/blob/v2.1.0/pkg/oci/spec_opts.go (WithUser, WithAdditionalGIDs)
 */
export function containerUser(
  pod: Pod,
  container: Container,
  imageUser: string | undefined,
  readAccounts: () => AccountFiles,
): ContainerUser | undefined {
  const { runAsUser, runAsGroup } = effectiveContext(pod, container);
  const { fsGroup, supplementalGroups = [], supplementalGroupsPolicy } = pod.spec.securityContext ?? {};
  const given = [...(fsGroup === undefined ? [] : [fsGroup]), ...supplementalGroups];
  if ([runAsUser, runAsGroup, imageUser].every((each) => each === undefined) && given.length === 0)
    return undefined;
  const files = readAccounts();
  const [user = "0", group] = runAsUser === undefined ? (imageUser ?? "0").split(":") : [String(runAsUser)];
  const account = rows(files.passwd).find(([name, , uid]) => name === user || uid === user);
  if (account === undefined && !isNumber(user))
    throw new Error(`unable to find user ${user}: no matching entries in passwd file`);
  const [name, , uid = user, ownGroup = "0", , home = "/"] = account ?? [];
  const memberships = rows(files.group).filter(([, , , members = ""]) => members.split(",").includes(name!));
  const merged =
    name === undefined || supplementalGroupsPolicy === "Strict"
      ? []
      : memberships.map(([, , gid]) => Number(gid));
  return {
    uid: Number(uid),
    gid: runAsGroup ?? (group === undefined ? Number(ownGroup) : groupId(group, files.group)),
    groups: [...new Set([...given, ...merged])],
    home,
  };
}

function groupId(group: string, file: string): number {
  if (isNumber(group)) return Number(group);
  const row = rows(file).find(([name]) => name === group);
  if (row === undefined) throw new Error(`unable to find group ${group}: no matching entries in group file`);
  return Number(row[2]);
}

function rows(file: string): string[][] {
  return file.split("\n").map((line) => line.split(":"));
}

function isNumber(word: string): boolean {
  return /^\d+$/.test(word);
}
