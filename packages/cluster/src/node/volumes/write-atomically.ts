import {
  chmod,
  mkdir,
  readdir,
  readFile,
  readlink,
  rename,
  rm,
  stat,
  symlink,
  writeFile,
} from "node:fs/promises";
import { dirname, join } from "node:path";
import { cleanPath } from "../container/environment.ts";
import { giveTo } from "./give-to-group.ts";
import { joinInside } from "./join-inside.ts";
import type { Files } from "./volume-files.ts";

/**
 * Writes files as the kubelet does: into a new folder, to which `..data` is then switched by a rename, so that a reader sees
 * all of the old files or all of the new ones. What is there already is not written again.
 * https://github.com/kubernetes/kubernetes/blob/v1.36.3/pkg/volume/util/atomic_writer.go
 */
export async function writeAtomically(path: string, files: Files): Promise<void> {
  const old = await readlink(join(path, "..data")).catch(() => undefined);
  if (old !== undefined && (await holds(join(path, old), files))) return;
  const folder = `..${new Date().toISOString().replaceAll(/[-:]/g, "_")}.${Math.floor(performance.now() * 1000)}`;
  for (const [name, { data, mode, uid, gid }] of files) {
    const file = joinInside(join(path, folder), name);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, data);
    // The process's own mask must not take anything from the mode.
    await chmod(file, mode);
    if (uid !== undefined || gid !== undefined) await giveTo(file, { uid, gid });
  }
  await mkdir(join(path, folder), { recursive: true });
  await rm(join(path, "..data_tmp"), { force: true });
  await symlink(folder, join(path, "..data_tmp"));
  await rename(join(path, "..data_tmp"), join(path, "..data"));
  const tops = new Set([...files.keys()].map((name) => cleanPath(name).split("/")[1]!));
  for (const top of tops) await symlink(join("..data", top), join(path, top)).catch(ignoreExisting);
  for (const name of await readdir(path))
    if (!name.startsWith("..") && !tops.has(name)) await rm(join(path, name), { force: true });
  if (old !== undefined) await rm(join(path, old), { recursive: true, force: true });
}

async function holds(folder: string, files: Files): Promise<boolean> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  if (entries.filter((entry) => entry.isFile()).length !== files.size) return false;
  for (const [name, { data, mode }] of files) {
    const file = joinInside(folder, name);
    const [there, found] = await Promise.all([
      readFile(file).catch(() => undefined),
      stat(file).catch(() => undefined),
    ]);
    if (there?.equals(Buffer.from(data)) !== true || found === undefined) return false;
    if ((found.mode & 0o777) !== (mode & 0o777)) return false;
  }
  return true;
}

function ignoreExisting(error: NodeJS.ErrnoException): void {
  if (error.code !== "EEXIST") throw error;
}
