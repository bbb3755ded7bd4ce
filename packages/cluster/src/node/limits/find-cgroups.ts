import { accessSync, constants, readFileSync } from "node:fs";
import { join } from "node:path";

/** A folder of the kernel's in which this user may make control groups. */
export interface CgroupParent {
  readonly version: 1 | 2;
  readonly folder: string;
}

/** Where memory and CPU time of containers can be limited; absent where the user may not. */
export interface CgroupParents {
  readonly memory?: CgroupParent;
  readonly cpu?: CgroupParent;
}

/**
 * Finds where this process may make control groups: in its own group of version 1; in version 2, whose groups have either
 * processes or groups with limits, in the nearest group above it that passes the controller on.
 * https://docs.kernel.org/admin-guide/cgroup-v2.html (No Internal Process Constraint, Delegation)
 */
export function findCgroups(proc = "/proc/self"): CgroupParents {
  const mounts = readMounts(readText(join(proc, "mounts")));
  const groups = readText(join(proc, "cgroup"))
    .split("\n")
    .map((line) => /^\d+:([^:]*):(.*)$/.exec(line))
    .flatMap((match) => (match === null ? [] : [{ controllers: match[1]!.split(","), path: match[2]! }]));
  const found = (controller: string): CgroupParent | undefined => {
    const own = groups.find(({ controllers }) => controllers.includes(controller));
    const folder = mounts.byController.get(controller);
    if (own !== undefined && folder !== undefined)
      return [join(folder, own.path), folder]
        .filter(isWritable)
        .map((each) => ({ version: 1, folder: each }) as const)[0];
    const unified = groups.find(({ controllers }) => controllers.join() === "");
    if (unified === undefined || mounts.unified === undefined) return undefined;
    const parent = ancestors(mounts.unified, unified.path).find((each) => passesOn(each, controller));
    return parent === undefined ? undefined : { version: 2, folder: parent };
  };
  const [memory, cpu] = [found("memory"), found("cpu")];
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

function passesOn(folder: string, controller: string): boolean {
  const passedOn = readText(join(folder, "cgroup.subtree_control")).trim().split(" ");
  return passedOn.includes(controller) && isWritable(folder);
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
