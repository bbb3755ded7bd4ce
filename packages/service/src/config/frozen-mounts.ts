import { readFile, realpath } from "node:fs/promises";
import { listVolume } from "./list-volume.ts";
import { defaultMaxFiles } from "./read-generation.ts";

/**
 * The paths at and in a folder that Kubernetes never updates: what is mounted with `subPath`, and every other file that
 * is mounted alone, because such a mount stays with the file that it began with
 * (https://github.com/kubernetes/kubernetes/issues/50345). None where there is no /proc.
 */
export async function findFrozenMounts(path: string): Promise<string[]> {
  try {
    const mountinfo = await readFile("/proc/self/mountinfo", "utf8");
    const folder = await realpath(path);
    const { files } = listVolume(path, defaultMaxFiles);
    const real = await Promise.all([...files.values()].map((file) => realpath(file)));
    return frozenMounts(mountinfo, folder, real);
  } catch {
    return [];
  }
}

/** The pure part: `mountinfo` is the text of /proc/self/mountinfo (proc_pid_mountinfo(5)), the paths have no links. */
export function frozenMounts(mountinfo: string, folder: string, files: readonly string[]): string[] {
  return mountinfo
    .split("\n")
    .map((line) => line.split(" ").map(unescapePath))
    .filter(([, , , root = "", point = ""]) => {
      return files.includes(point) || (point === folder && generationFolder.test(root));
    })
    .map(([, , , , point = ""]) => point);
}

/** One generation's folder in a volume, such as `..2026_07_21_11_21_39.969349293`. A mount of it cannot move on. */
const generationFolder = /\/\.\.\d{4}_\d\d_\d\d_\d\d_\d\d_\d\d\./;

/** Undoes the octal codes in which mountinfo writes space, tab, newline and backslash. */
function unescapePath(text: string): string {
  return text.replace(/\\([0-7]{3})/g, (_, octal: string) => String.fromCharCode(Number.parseInt(octal, 8)));
}
