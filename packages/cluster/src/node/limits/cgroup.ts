import { mkdirSync, readdirSync, readFileSync, rmdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { ContainerLimits } from "./container-limits.ts";
import type { CgroupParent, CgroupParents } from "./find-cgroups.ts";
import { shareOfPods } from "./yield-processor.ts";

/** The control groups of one container. */
export interface Cgroup {
  /** Whether memory is limited by the kernel. */
  readonly holdsMemory: boolean;
  /** Holds what is in them to other limits. */
  hold(limits: ContainerLimits): void;
  /** Puts a process into them, and with it all that it will start. */
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

/** The kernel refuses a slice of less than a millisecond; so does pkg/kubelet/cm/helpers_linux.go, MilliCPUToQuota. */
const periodUs = 100_000;
const shortestQuotaUs = 1_000;

/**
 * Makes groups that hold a container to those of its limits for which there is a parent. A group's name begins with the id of
 * this process, so that a later one knows by it that nobody removes it any more.
 */
export function createCgroup(
  parents: CgroupParents,
  limits: ContainerLimits,
  number: number,
  owner = process.pid,
): Cgroup {
  const { memory, cpu } = parents;
  const name = `${prefix}${owner}-${number}`;
  const folders = new Set<string>();
  const make = (parent: CgroupParent) => {
    const folder = join(parent.folder, name);
    mkdirSync(folder, { recursive: true });
    folders.add(folder);
    return folder;
  };
  let memoryFolder: string | undefined;
  let cpuFolder: string | undefined;
  const hold = ({ memoryBytes, cpuMillis }: ContainerLimits) => {
    if (memory !== undefined && memoryBytes !== undefined) {
      memoryFolder ??= make(memory);
      limitMemory(memoryFolder, memory.version, memoryBytes);
    }
    if (cpu !== undefined && cpuMillis !== undefined) {
      cpuFolder ??= make(cpu);
      limitCpu(cpuFolder, cpu.version, cpuMillis);
    }
  };
  hold(limits);
  const events = memory?.version === 2 ? "memory.events" : "memory.oom_control";
  return {
    get holdsMemory() {
      return memoryFolder !== undefined;
    },
    killsAll: memory?.version === 2,
    hold,
    enter(pid) {
      for (const folder of folders) writeFileSync(join(folder, "cgroup.procs"), String(pid));
    },
    oomKills: () => (memoryFolder === undefined ? 0 : readCount(join(memoryFolder, events))),
    throttledNanoseconds: () => (cpuFolder === undefined ? undefined : readThrottled(cpuFolder)),
    remove: () => [...folders].map(removeFolder).every((isGone) => isGone),
  };
}

/** Removes the groups of processes that are gone: a process that was killed could not. */
export function sweepCgroups(parents: CgroupParents, isAlive: (pid: number) => boolean): void {
  for (const parent of new Set([parents.memory?.folder, parents.cpu?.folder]))
    for (const name of parent === undefined ? [] : readdirSync(parent)) {
      const owner = /^(\d+)-/.exec(name.startsWith(prefix) ? name.slice(prefix.length) : "")?.[1];
      if (owner !== undefined && !isAlive(Number(owner))) removeFolder(join(parent!, name));
    }
}

const prefix = "seaworthy-";

function limitMemory(folder: string, version: 1 | 2, bytes: number): void {
  const write = (file: string, value: string) => writeFileSync(join(folder, file), value);
  // Nodes have no swap; without this, memory that is used up would go there. Not every kernel counts swap.
  const limitSwap = () =>
    version === 2 ? write("memory.swap.max", "0") : write("memory.memsw.limit_in_bytes", String(bytes));
  // Version 1 refuses memory above memory with swap: what rises is written from above, and what falls from below.
  attempt(limitSwap);
  write(version === 2 ? "memory.max" : "memory.limit_in_bytes", String(bytes));
  attempt(limitSwap);
  // What the kubelet asks for as well: a container that lost one of its processes is of no use.
  if (version === 2) attempt(() => write("memory.oom.group", "1"));
}

function limitCpu(folder: string, version: 1 | 2, millis: number): void {
  const quotaUs = Math.max(shortestQuotaUs, Math.round((millis * periodUs) / 1000));
  // A group counts as one process against those beside it; one that may use more CPUs counts as that many.
  const processes = Math.max(1, millis / 1000) * shareOfPods;
  if (version === 2) {
    writeFileSync(join(folder, "cpu.max"), `${quotaUs} ${periodUs}`);
    return writeFileSync(join(folder, "cpu.weight"), String(Math.round(processes * 100)));
  }
  writeFileSync(join(folder, "cpu.cfs_period_us"), String(periodUs));
  writeFileSync(join(folder, "cpu.cfs_quota_us"), String(quotaUs));
  writeFileSync(join(folder, "cpu.shares"), String(Math.round(processes * 1024)));
}

function readCount(path: string): number {
  try {
    return Number(/^oom_kill (\d+)$/m.exec(readFileSync(path, "utf8"))?.[1] ?? 0);
  } catch {
    return 0;
  }
}

/** Version 2 tells microseconds and version 1 nanoseconds: https://docs.kernel.org/admin-guide/cgroup-v2.html#cpu-interface-files */
function readThrottled(folder: string): number | undefined {
  try {
    const text = readFileSync(join(folder, "cpu.stat"), "utf8");
    const [, unit, amount] = /^throttled_(usec|time) (\d+)$/m.exec(text) ?? [];
    return amount === undefined ? undefined : Number(amount) * (unit === "usec" ? 1_000 : 1);
  } catch {
    return undefined;
  }
}

function removeFolder(folder: string): boolean {
  try {
    rmdirSync(folder);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "ENOENT";
  }
}

function attempt(write: () => void): void {
  try {
    write();
  } catch {
    // This kernel does not have it.
  }
}
