import { mkdirSync, readdirSync, readFileSync, rmdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { ControlGroupView } from "../runtime/pod-runtime.ts";
import { limitCpu, limitMemory, passOn, readOomKills, readThrottled, weighCpu } from "./cgroup-files.ts";
import type { ContainerLimits } from "./container-limits.ts";
import type { CgroupParent, CgroupParents } from "./find-cgroups.ts";

/** The control groups of one container. */
export interface Cgroup {
  /** Whether memory can be limited by the kernel. */
  readonly holdsMemory: boolean;
  /** What the container sees of them. */
  readonly view: ControlGroupView;
  /** Holds what is in them to other limits. */
  hold(limits: ContainerLimits): void;
  /** Puts a process into them that has not joined by itself, and with it all that it will start. */
  enter(pid: number): void;
  /** How many processes the kernel has killed because the memory was used up. */
  oomKills(): number;
  /** How long processes stood still because the CPU time of their period was used up; undefined without a limit on it. */
  throttledNanoseconds(): number | undefined;
  /** Whether the kernel then kills all of the container. Version 1 kills a single process. */
  readonly killsAll: boolean;
  /** Whether they are gone. They stay as long as a process is in them. */
  remove(): boolean;
}

/**
 * Makes groups that hold a container to its limits, and tell its programs of them. A group's name begins with the id of this
 * process, so that a later one knows by it that nobody removes it any more. In it is the one that the container sees, because
 * the weight that counts against this machine's other processes is not that which a container has by its requests.
 */
export function createCgroup(
  { memory, cpu, unseen }: CgroupParents,
  limits: ContainerLimits,
  number: number,
  owner = process.pid,
): Cgroup {
  const name = `${prefix}${owner}-${number}`;
  const parents = distinct(memory, cpu);
  const outer = (parent: CgroupParent) => join(parent.folder, name);
  const inner = (parent: CgroupParent) => join(outer(parent), innerName);
  for (const parent of parents) {
    mkdirSync(outer(parent), { recursive: true });
    if (parent.version === 2) passOn(parent.folder, outer(parent));
    mkdirSync(inner(parent), { recursive: true });
  }
  let isCpuLimited = false;
  const hold = (wanted: ContainerLimits) => {
    if (memory !== undefined) limitMemory(inner(memory), memory.version, wanted.memoryBytes);
    if (cpu === undefined) return;
    weighCpu(outer(cpu), inner(cpu), cpu.version, wanted);
    limitCpu(inner(cpu), cpu.version, wanted.cpuMillis);
    isCpuLimited = wanted.cpuMillis !== undefined;
  };
  hold(limits);
  return {
    holdsMemory: memory !== undefined,
    killsAll: memory?.version === 2,
    view: {
      entrances: parents.map((parent) => join(inner(parent), entranceOf(parent))),
      mounts: parents.map((parent) => ({ hostPath: inner(parent), mountPath: parent.mount, readOnly: true })),
      unseen,
    },
    hold,
    enter(pid) {
      for (const parent of parents) {
        const list = join(inner(parent), "cgroup.procs");
        if (!readFileSync(list, "utf8").split("\n").includes(String(pid))) writeFileSync(list, String(pid));
      }
    },
    oomKills: () => (memory === undefined ? 0 : readOomKills(inner(memory), memory.version)),
    throttledNanoseconds: () => (cpu === undefined || !isCpuLimited ? undefined : readThrottled(inner(cpu))),
    remove: () => parents.map((parent) => removeGroup(outer(parent))).every((isGone) => isGone),
  };
}

/** Removes the groups of processes that are gone: a process that was killed could not. */
export function sweepCgroups(parents: CgroupParents, isAlive: (pid: number) => boolean): void {
  for (const parent of new Set([parents.memory?.folder, parents.cpu?.folder]))
    for (const name of parent === undefined ? [] : readdirSync(parent)) {
      const owner = /^(\d+)-/.exec(name.startsWith(prefix) ? name.slice(prefix.length) : "")?.[1];
      if (owner !== undefined && !isAlive(Number(owner))) removeGroup(join(parent!, name));
    }
}

const prefix = "seaworthy-";
const innerName = "container";

/**
 * To move another process, or one with threads, the kernel waits until all processors have seen it, some 10 ms, and so does who
 * asked for it. A thread of version 1 that moves itself waits for nobody: kernel/cgroup/cgroup.c, cgroup_procs_write_start.
 */
function entranceOf({ version }: CgroupParent): string {
  return version === 1 ? "tasks" : "cgroup.procs";
}

/** Both are one where the kernel has version 2. */
function distinct(...parents: readonly (CgroupParent | undefined)[]): CgroupParent[] {
  const byFolder = new Map(
    parents.flatMap((parent) => (parent === undefined ? [] : [[parent.folder, parent]])),
  );
  return [...byFolder.values()];
}

function removeGroup(folder: string): boolean {
  return removeFolder(join(folder, innerName)) && removeFolder(folder);
}

function removeFolder(folder: string): boolean {
  try {
    rmdirSync(folder);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "ENOENT";
  }
}
