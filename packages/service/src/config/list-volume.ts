import { readdirSync, readlinkSync, statSync } from "node:fs";
import { basename, join, resolve } from "node:path";

/** The files of a volume at one moment. */
export interface VolumeListing {
  /** Name → path. A file in a folder is named `folder/file`. */
  readonly files: ReadonlyMap<string, string>;
  /** A text that differs whenever the content may differ. */
  readonly stamp: string;
}

/**
 * Lists a ConfigMap or Secret volume, a plain folder or a single file. In a volume, `..data` is resolved once and the
 * folder behind it is listed: the visible names are links through `..data`, and two of them may lead into two
 * generations. Names that begin with `..` belong to the kubelet; linked folders are not entered. Throws the file system's
 * error, and a `RangeError` beyond `maxFiles`.
 */
export function listVolume(path: string, maxFiles: number): VolumeListing {
  if (!statSync(path).isDirectory()) {
    const files = new Map([[basename(path), path]]);
    return { files, stamp: stampOf(files) };
  }
  const link = readLinkIfThere(join(path, "..data"));
  if (link !== undefined) return { files: listFolder(resolve(path, link), maxFiles), stamp: link };
  const files = listFolder(path, maxFiles);
  return { files, stamp: stampOf(files) };
}

function readLinkIfThere(path: string): string | undefined {
  try {
    return readlinkSync(path);
  } catch (error) {
    // EINVAL: `..data` is there and is no link, so this folder is no volume.
    if (["ENOENT", "EINVAL"].includes((error as NodeJS.ErrnoException).code ?? "")) return undefined;
    throw error;
  }
}

function listFolder(root: string, maxFiles: number): Map<string, string> {
  const files = new Map<string, string>();
  const folders = [""];
  for (const folder of folders) {
    for (const entry of readdirSync(join(root, folder), { withFileTypes: true })) {
      if (entry.name.startsWith("..")) continue;
      const name = folder + entry.name;
      const path = join(root, name);
      if (entry.isDirectory()) folders.push(`${name}/`);
      else if (entry.isFile() || (entry.isSymbolicLink() && statSync(path).isFile())) files.set(name, path);
      if (files.size + folders.length > maxFiles)
        throw new RangeError(`there are more than ${maxFiles} files`);
    }
  }
  return files;
}

function stampOf(files: ReadonlyMap<string, string>): string {
  const stamps = [...files].map(([name, path]) => {
    const { dev, ino, size, mtimeNs } = statSync(path, { bigint: true });
    return `${name} ${dev} ${ino} ${size} ${mtimeNs}`;
  });
  return stamps.sort().join("\n");
}
