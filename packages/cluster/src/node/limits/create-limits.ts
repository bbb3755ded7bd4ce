import type { Clock } from "../../clock.ts";
import { noCpuLimits } from "../../machine/find-gaps.ts";
import { wait } from "../../wait.ts";
import type { ControlGroupView } from "../runtime/pod-runtime.ts";
import { createCgroup, sweepCgroups, type Cgroup } from "./cgroup.ts";
import type { ContainerLimits } from "./container-limits.ts";
import { findCgroups, type CgroupParents } from "./find-cgroups.ts";
import type { PartedProcessors } from "./part-processors.ts";
import { watchMemory } from "./watch-memory.ts";

/** Holds containers to their limits. */
export interface Limits {
  /** Whether CPU time can be limited. */
  readonly holdsCpu: boolean;
  /** Makes what holds one run of a container; nothing where it has no limits and no control groups can be made. */
  confine(limits: ContainerLimits): Confinement | undefined;
  /** Gives the first process of a container the processors that pods have. */
  place(pid: number): void;
}

/** What holds one run of a container to its limits. */
export interface Confinement {
  /** What the container sees of its control groups; undefined where it has none. */
  readonly view: ControlGroupView | undefined;
  /** Takes the first process in, if it has not joined by itself, before it starts others. */
  enter(pid: number): void;
  /** Begins to look at what the kernel leaves to be looked at. */
  watch(run: ConfinedRun): void;
  /** Holds its processes to other limits, those that it starts included. Throws where it has more memory than it may have then. */
  resize(limits: ContainerLimits, pids: readonly number[]): void;
  /** How long it stood still because of its limit on CPU time, so far; undefined without one. */
  throttledNanoseconds(): number | undefined;
  /** Gives up what is held, and tells whether the container was killed because it had used up its memory. */
  end(): boolean;
}

/** A run of a container, for who holds it to its limits. */
export interface ConfinedRun {
  /** What its processes have for themselves; undefined where that cannot be known. */
  readonly usedBytes: () => number | undefined;
  /** Ends all of its processes. */
  readonly kill: () => void;
}

/**
 * A container uses more memory than it is to have.
 * https://github.com/kubernetes/kubernetes/blob/v1.36.3/pkg/kubelet/kuberuntime/kuberuntime_manager.go (validateMemoryResizeAction)
 */
export class MemoryInUseError extends Error {
  override readonly name = "MemoryInUseError";
  readonly wantedBytes: number;
  readonly usedBytes: number;
  constructor(wantedBytes: number, usedBytes: number) {
    super(`a memory limit of ${wantedBytes} is below the ${usedBytes} that are in use`);
    this.wantedBytes = wantedBytes;
    this.usedBytes = usedBytes;
  }
}

/** What limits are made with. */
export interface LimitsOptions {
  readonly clock: Clock;
  readonly onNotice: (text: string) => void;
  readonly cgroups?: CgroupParents;
  /** Absent: pods have all processors, as everybody has. */
  readonly processors?: PartedProcessors | undefined;
}

/** Containers of all clusters of this process, since groups are named by the process. */
let confined = 0;

/**
 * Makes limits of the kernel's control groups where this user may make some. Else memory is watched, and CPU time is not
 * limited, which a notice says once.
 */
export function createLimits({
  clock,
  onNotice,
  cgroups = usable(findCgroups()),
  processors,
}: LimitsOptions): Limits {
  let isTold = false;
  return {
    holdsCpu: cgroups.cpu !== undefined,
    confine(limits) {
      if (limits.cpuMillis !== undefined && cgroups.cpu === undefined && !isTold) {
        isTold = true;
        onNotice(noCpuLimits);
      }
      const hasGroups = cgroups.memory !== undefined || cgroups.cpu !== undefined;
      if (!hasGroups && limits.memoryBytes === undefined) return undefined;
      confined += 1;
      return confinement(clock, limits, createCgroup(cgroups, limits, confined));
    },
    place: (pid) => processors?.place(pid),
  };
}

/** Those of the parents that the kernel really lets us use, cleared of what processes left there that were killed. */
function usable(parents: CgroupParents): CgroupParents {
  try {
    sweepCgroups(parents, isAlive);
    createCgroup(parents, { memoryBytes: 2 ** 30, cpuMillis: 1000 }, 0).remove();
    return parents;
  } catch {
    return {};
  }
}

function confinement(clock: Clock, limits: ContainerLimits, cgroup: Cgroup): Confinement {
  let { memoryBytes } = limits;
  let run: ConfinedRun | undefined;
  let stop = () => {};
  let hasExceeded = false;
  let canEnter = true;
  const tryEnter = (pid: number): boolean => {
    try {
      cgroup.enter(pid);
      return true;
    } catch {
      // It is gone already, or the kernel refuses: then it is watched.
      return false;
    }
  };
  const watch = () => {
    stop();
    if (memoryBytes === undefined || run === undefined) return;
    const { usedBytes, kill } = run;
    const onExceeded = () => {
      hasExceeded = true;
      kill();
    };
    if (!canEnter || !cgroup.holdsMemory)
      stop = watchMemory({ clock, limitBytes: memoryBytes, usedBytes, onExceeded });
    else if (!cgroup.killsAll) stop = watchKills(clock, cgroup, onExceeded);
  };
  return {
    view: cgroup.view.entrances.length === 0 ? undefined : cgroup.view,
    enter(pid) {
      canEnter = tryEnter(pid);
    },
    watch(watched) {
      run = watched;
      watch();
    },
    resize(wanted, pids) {
      const used = run?.usedBytes() ?? 0;
      if (wanted.memoryBytes !== undefined && used > wanted.memoryBytes)
        throw new MemoryInUseError(wanted.memoryBytes, used);
      cgroup.hold(wanted);
      ({ memoryBytes } = wanted);
      canEnter = pids.filter(tryEnter).length > 0;
      watch();
    },
    throttledNanoseconds: () => cgroup.throttledNanoseconds(),
    end() {
      stop();
      const isKilled = hasExceeded || cgroup.oomKills() > 0;
      void removeLater(clock, cgroup);
      return isKilled;
    },
  };
}

const killsPeriodMs = 250;

/** The kernel kills one process of version 1's groups, where a container as a whole is to go. */
function watchKills(clock: Clock, cgroup: Cgroup, onKill: () => void): () => void {
  let cancel = () => {};
  const look = () => {
    if (cgroup.oomKills() > 0) onKill();
    else cancel = clock.after(killsPeriodMs, look);
  };
  cancel = clock.after(killsPeriodMs, look);
  return () => cancel();
}

const removalMs = 50;
const mostRemovals = 40;

/** The kernel takes a moment to let go of the last process. What stays is swept by the next cluster. */
async function removeLater(clock: Clock, cgroup: Cgroup): Promise<void> {
  for (let tries = 0; tries < mostRemovals && !cgroup.remove(); tries += 1) await wait(clock, removalMs);
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}
