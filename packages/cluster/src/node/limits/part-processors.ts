import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { toolPath } from "../runtime/tool-path.ts";

/** The processors of this machine, parted between the cluster with what asks it, and the pods. */
export interface PartedProcessors extends Disposable {
  /** How many the pods have for themselves. */
  readonly ofPods: number;
  /** Gives a process those of the pods, and all that it will start. */
  place(pid: number): void;
}

/** Reads which processors this process may have, and has a process moved to some. */
export interface ProcessorTools {
  /** The field `Cpus_allowed_list` of proc_pid_status(5), for example `0-3,8`. */
  allowed(): string;
  move(pid: number, processors: readonly number[]): void;
}

/** One for the cluster, one for a load that is sent from here, one for what the kernel does for both. */
const mostOwn = 3;

/**
 * Keeps this process, and what it starts, to half of the processors, three at most, and leaves the others to pods: as a kubelet's
 * `reservedSystemCPUs` does. The scheduler keeps two busy processes on one processor for some time while another is
 * idle; what is measured is then late by tens of milliseconds for no reason of its own. Undefined where there is one processor,
 * or no taskset(1).
 */
export function partProcessors(tools: ProcessorTools = linux): PartedProcessors | undefined {
  try {
    const all = listed(tools.allowed());
    const own = all.slice(0, Math.min(mostOwn, Math.floor(all.length / 2)));
    const ofPods = all.slice(own.length);
    if (own.length === 0) return undefined;
    tools.move(process.pid, own);
    return {
      ofPods: ofPods.length,
      place(pid) {
        try {
          tools.move(pid, ofPods);
        } catch {
          // It has ended.
        }
      },
      [Symbol.dispose]: () => tools.move(process.pid, all),
    };
  } catch {
    return undefined;
  }
}

const linux: ProcessorTools = {
  allowed: () => /^Cpus_allowed_list:\s*(\S+)$/m.exec(readFileSync("/proc/self/status", "utf8"))![1]!,
  // All threads of it: V8 compiles and collects in threads of its own.
  move: (pid, processors) =>
    void execFileSync("taskset", ["-a", "-p", maskOf(processors), String(pid)], {
      env: { PATH: toolPath() },
      stdio: "ignore",
    }),
};

function listed(text: string): number[] {
  return text.split(",").flatMap((range) => {
    const [first, last = first] = range.split("-").map(Number);
    return Array.from({ length: last! - first! + 1 }, (_, index) => first! + index);
  });
}

/** A mask, because BusyBox has no lists. */
function maskOf(processors: readonly number[]): string {
  return `0x${processors.reduce((mask, each) => mask | (1n << BigInt(each)), 0n).toString(16)}`;
}
