import { dirname } from "node:path";
import type { ContainerUser } from "./container-user.ts";

/** Owner and mode of a file, as stat(2) tells them. */
export interface Access {
  readonly uid: number;
  readonly gid: number;
  readonly mode: number;
}

/**
 * The first of these files and folders that a user may not read, or not reach because of a folder above it; undefined when all
 * are open to him. `stat` follows links. Access lists beyond the mode are not looked at.
 */
export function firstUnreadable(
  paths: readonly string[],
  user: Pick<ContainerUser, "uid" | "gid" | "groups">,
  stat: (path: string) => Access,
): string | undefined {
  const may = (path: string, bit: 1 | 4) => {
    const { uid, gid, mode } = stat(path);
    const shift = uid === user.uid ? 6 : gid === user.gid || user.groups.includes(gid) ? 3 : 0;
    return ((mode >> shift) & bit) !== 0;
  };
  return user.uid === 0
    ? undefined
    : paths.find((path) => !may(path, 4) || foldersAbove(path).some((folder) => !may(folder, 1)));
}

function foldersAbove(path: string): string[] {
  const folder = dirname(path);
  return folder === path ? [] : [folder, ...foldersAbove(folder)];
}
