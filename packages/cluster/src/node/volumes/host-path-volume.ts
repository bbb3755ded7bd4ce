import { mkdir, stat, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import type { Stats } from "node:fs";
import type { Volume } from "@seaworthy/kube";
import { isPresent } from "./is-present.ts";

/**
 * A folder or file of this machine, which is as its type says, or is made so.
 * https://github.com/kubernetes/kubernetes/blob/v1.36.3/pkg/volume/hostpath/host_path.go (checkTypeInternal)
 */
export async function hostPathVolume({ path, type = "" }: NonNullable<Volume["hostPath"]>): Promise<string> {
  if (!(await isPresent(path))) {
    if (type === "FileOrCreate") {
      await mkdir(dirname(path), { recursive: true });
      await writeFile(path, "", { mode: 0o644, flag: "a" });
    }
    // Without a type the container runtime makes what is missing a folder.
    if (type === "DirectoryOrCreate" || type === "") await mkdir(path, { recursive: true, mode: 0o755 });
  }
  const wanted = wantedTypes[type];
  if (wanted === undefined) return path;
  const found = await stat(path).catch(() => undefined);
  if (found === undefined || !wanted.is(found))
    throw new Error(`hostPath type check failed: ${path} is not ${wanted.what}`);
  return path;
}

const directory = { what: "a directory", is: (found: Stats) => found.isDirectory() };
const file = { what: "a file", is: (found: Stats) => found.isFile() };
const wantedTypes: Readonly<
  Record<string, { readonly what: string; is(found: Stats): boolean } | undefined>
> = {
  Directory: directory,
  DirectoryOrCreate: directory,
  File: file,
  FileOrCreate: file,
  Socket: { what: "a socket file", is: (found) => found.isSocket() },
  CharDevice: { what: "a character device", is: (found) => found.isCharacterDevice() },
  BlockDevice: { what: "a block device", is: (found) => found.isBlockDevice() },
};
