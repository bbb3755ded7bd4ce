import { accessSync, constants, readFileSync } from "node:fs";
import { join } from "node:path";

/** A folder of the kernel's in which this user may make control groups. */
export interface CgroupParent {
  readonly version: 1 | 2;
  readonly folder: string;
  /** Where the hierarchy is mounted, at which a container sees its own group. */
  readonly mount: string;
}

/** Where memory and CPU time of containers can be limited; absent where the user may not. */
export interface CgroupParents {
  readonly memory?: CgroupParent;
  readonly cpu?: CgroupParent;
  /** Where version 2 is mounted without these controllers. Containers of such a machine do not see it, and take it for one of version 1. */
  readonly unseen?: string;
}

/**
 * Finds where this process may make control groups: in its own group of version 1; in version 2, whose groups have either
 * processes or groups with limits, in the nearest group above it that passes the controllers on.
 * https://docs.kernel.org/admin-guide/cgroup-v2.html (No Internal Process Constraint, Delegation)
 */
export function findCgroups(proc = "/proc/self"): CgroupParents {
  const mounts = readMounts(readText(join(proc, "mounts")));
  const groups = readText(join(proc, "cgroup"))
    .split("\n")
    .map((line) => /^\d+:([^:]*):(.*)$/.exec(line))
    .flatMap((match) => (match === null ? [] : [{ controllers: match[1]!.split(","), path: match[2]! }]));
  const inVersion1 = (controller: string): CgroupParent | undefined => {
    const own = groups.find(({ controllers }) => controllers.includes(controller));
    const mount = mounts.byController.get(controller);
    if (own === undefined || mount === undefined) return undefined;
    const folder = [join(mount, own.path), mount].find(isWritable);
    return folder === undefined ? undefined : { version: 1, folder, mount };
  };
  const unified = groups.find(({ controllers }) => controllers.join() === "");
  const inVersion2 = (...wanted: string[]): CgroupParent | undefined => {
    if (unified === undefined || mounts.unified === undefined) return undefined;
    const folder = ancestors(mounts.unified, unified.path).find((each) => passesOn(each, wanted));
    return folder === undefined ? undefined : { version: 2, folder, mount: mounts.unified };
  };
  const [memory, cpu] = [inVersion1("memory"), inVersion1("cpu")];
  if (memory !== undefined || cpu !== undefined)
    return { ...parents(memory, cpu), ...(mounts.unified === undefined ? {} : { unseen: mounts.unified }) };
  // A process is in a single group of version 2, so that one has to pass on both.
  const both = inVersion2("memory", "cpu");
  if (both !== undefined) return parents(both, both);
  const memoryOnly = inVersion2("memory");
  return parents(memoryOnly, memoryOnly === undefined ? inVersion2("cpu") : undefined);
}

function parents(memory: CgroupParent | undefined, cpu: CgroupParent | undefined): CgroupParents {
  return { ...(memory === undefined ? {} : { memory }), ...(cpu === undefined ? {} : { cpu }) };
}

/** The mount points of control groups: version 1 has one for each controller. proc_mounts(5) */
function readMounts(text: string): { byController: Map<string, string>; unified: string | undefined } {
  const byController = new Map<string, string>();
  let unified: string | undefined;
  for (const line of text.split("\n")) {
    const [, folder = "", type, options = ""] = line.split(" ");
    if (type === "cgroup2") unified ??= folder;
    if (type === "cgroup") for (const name of options.split(",")) byController.set(name, folder);
  }
  return { byController, unified };
}

/** The folders of the groups above one, nearest first. */
function ancestors(mount: string, path: string): string[] {
  const names = path.split("/").filter((name) => name !== "" && name !== "..");
  return names.map((_, index) => join(mount, ...names.slice(0, names.length - 1 - index)));
}

function passesOn(folder: string, controllers: readonly string[]): boolean {
  const passedOn = readText(join(folder, "cgroup.subtree_control")).trim().split(" ");
  return controllers.every((controller) => passedOn.includes(controller)) && isWritable(folder);
}

/** To move a process takes the right to write the list of processes of the group above both. */
function isWritable(folder: string): boolean {
  try {
    accessSync(folder, constants.W_OK);
    accessSync(join(folder, "cgroup.procs"), constants.W_OK);
    return true;
  } catch {
    return false;
  }
}

function readText(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return "";
  }
}
