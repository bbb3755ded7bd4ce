import { descendants, readText } from "./process-tree.ts";

/** What the processes below one have used. */
export interface ProcessUsage {
  /** CPU time of all of them, those included that have ended and were waited for. */
  readonly cpuNanoseconds: number;
  /** What is theirs alone: no pages of files, which Kubernetes leaves out of a working set when nobody needs them. */
  readonly memoryBytes: number;
}

/** USER_HZ, which Linux has been at 100 for all of its life in what it tells programs: proc_pid_stat(5). */
const nanosecondsPerTick = 10_000_000;

/** Reads what a process and all below it have used, from Linux' /proc; undefined where there is none, or when it is gone. */
export function readUsage(pid: number): ProcessUsage | undefined {
  let ticks = 0;
  let memoryKib = 0;
  for (const each of descendants(pid).keys()) {
    const stat = readText(`/proc/${each}/stat`);
    if (stat === undefined) continue;
    // The name of the program, in brackets, may have spaces and brackets itself.
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    ticks += [11, 12, 13, 14].reduce((sum, index) => sum + Number(fields[index] ?? 0), 0);
    const status = readText(`/proc/${each}/status`) ?? "";
    for (const [, kib] of status.matchAll(/^Rss(?:Anon|Shmem):\s+(\d+) kB$/gm)) memoryKib += Number(kib);
  }
  return ticks === 0 && memoryKib === 0
    ? undefined
    : { cpuNanoseconds: ticks * nanosecondsPerTick, memoryBytes: memoryKib * 1024 };
}
