import { chmod, chown, stat } from "node:fs/promises";

/**
 * Gives a volume's folder to the group of `fsGroup`, for which new files in it are, too.
 * https://github.com/kubernetes/kubernetes/blob/v1.36.3/pkg/volume/volume_linux.go (SetVolumeOwnership)
 */
export async function giveToGroup(path: string, fsGroup: number | undefined): Promise<void> {
  if (fsGroup === undefined) return;
  const { mode } = await stat(path);
  if (await giveTo(path, { gid: fsGroup })) await chmod(path, (mode & 0o777) | 0o2770);
}

/**
 * Gives a file or folder to a user or a group, or both. Who may not do so leaves it, and hears false: then containers run as the
 * same user anyway.
 */
export async function giveTo(
  path: string,
  owner: { readonly uid?: number | undefined; readonly gid?: number | undefined },
): Promise<boolean> {
  try {
    const now = await stat(path);
    await chown(path, owner.uid ?? now.uid, owner.gid ?? now.gid);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EPERM") throw error;
    return false;
  }
}
