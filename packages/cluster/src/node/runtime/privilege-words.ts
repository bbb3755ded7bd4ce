import type { Privileges } from "../security/privileges.ts";

/**
 * The flags of setpriv(1) that give a process these privileges. Only the bounding set needs to be told: root has all of it, and
 * any other user what programs bring along.
 * https://man7.org/linux/man-pages/man7/capabilities.7.html
 */
export function privilegeWords(privileges: Privileges | undefined): string[] {
  if (privileges === undefined) return [];
  const { user, capabilities, noNewPrivileges, readsAllFiles } = privileges;
  const reading = readsAllFiles ? ["dac_read_search"] : [];
  const bounding = capabilities === "all" ? [] : [...capabilities, ...reading];
  return [
    ...(user === undefined ? [] : userWords(user)),
    ...(capabilities === "all"
      ? []
      : ["--bounding-set", ["-all", ...bounding.map((name) => `+${name}`)].join()]),
    ...(readsAllFiles ? ["--inh-caps", "+dac_read_search", "--ambient-caps", "+dac_read_search"] : []),
    ...(noNewPrivileges ? ["--no-new-privs"] : []),
  ];
}

function userWords({ uid, gid, groups }: NonNullable<Privileges["user"]>): string[] {
  const further = groups.length === 0 ? ["--clear-groups"] : ["--groups", groups.join()];
  return ["--reuid", String(uid), "--regid", String(gid), ...further];
}
