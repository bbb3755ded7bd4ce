import { mkdir, mkdtemp, readdir, readlink, rm, statfs, symlink } from "node:fs/promises";
import { dirname, join } from "node:path";
import { isPresent } from "./is-present.ts";

const memory = "/dev/shm";
const prefix = join(memory, "seaworthy-");
/** TMPFS_MAGIC of statfs(2). */
const tmpfs = 0x0102_1994;

/** Whether this machine has folders in memory that everybody may make. */
export function hasMemoryFolders(): Promise<boolean> {
  return statfs(memory).then(
    ({ type }) => type === tmpfs,
    () => false,
  );
}

/** Makes a folder in memory and a link to it at `path`, by which it is found again and taken away. */
export async function memoryFolder(path: string): Promise<string> {
  const known = await readlink(path).catch(() => undefined);
  if (known !== undefined && (await isPresent(known))) return known;
  await rm(path, { recursive: true, force: true });
  // mkdtemp makes the outer one with the mode 0700, so that no other user of this machine gets at what is inside.
  const folder = join(await mkdtemp(prefix), "volume");
  await mkdir(folder);
  await mkdir(dirname(path), { recursive: true });
  await symlink(folder, path);
  return folder;
}

/** Takes away what the volumes of a pod hold in memory. */
export async function removeMemoryFolders(podDir: string): Promise<void> {
  const entries = await readdir(join(podDir, "volumes"), { withFileTypes: true }).catch(() => []);
  for (const entry of entries.filter((each) => each.isSymbolicLink())) {
    const target = await readlink(join(entry.parentPath, entry.name));
    if (target.startsWith(prefix)) await rm(dirname(target), { recursive: true, force: true, maxRetries: 3 });
  }
}
