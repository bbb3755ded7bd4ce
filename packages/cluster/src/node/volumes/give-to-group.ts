import { chmod, chown, stat } from "node:fs/promises";

/**
 * Gives a volume's folder to the group of `fsGroup`, for which new files in it are, too. Who may not do so leaves it: then
 * containers run as the same user anyway.
 * https://github.com/kubernetes/kubernetes/blob/v1.36.3/pkg/volume/volume_linux.go (SetVolumeOwnership)
 */
export async function giveToGroup(path: string, fsGroup: number | undefined): Promise<void> {
  if (fsGroup === undefined) return;
  try {
    const { uid, mode } = await stat(path);
    await chown(path, uid, fsGroup);
    await chmod(path, (mode & 0o777) | 0o2770);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EPERM") throw error;
  }
}
