import { readdirSync, readFileSync } from "node:fs";

/** For how long the processors of a machine have worked and idled so far, in ms, all of them together. */
export interface MachineWork {
  /** Work of programs, and what a hypervisor gave to other machines. */
  readonly busyMs: number;
  readonly idleMs: number;
  /** What of the work a process and its descendants did. */
  readonly ownMs: number;
}

/** Linux counts in ticks of 10 ms for programs, whatever the kernel's own are: USER_HZ, https://man7.org/linux/man-pages/man7/time.7.html */
const tickMs = 10;

/**
 * Reads it from /proc/stat and /proc/PID/stat (https://man7.org/linux/man-pages/man5/proc_stat.5.html and proc_pid_stat.5.html).
 * Interrupts are nobody's work. Throws where there is no such file, which is so on other systems than Linux.
 */
export function readMachineWork(pid: number, proc = "/proc"): MachineWork {
  const [user = 0, nice = 0, system = 0, idle = 0, waiting = 0, , , stolen = 0] = /^cpu +(.+)/
    .exec(readFileSync(`${proc}/stat`, "utf8"))![1]!
    .split(" ")
    .map(Number);
  const busyMs = (user + nice + system + stolen) * tickMs;
  return { busyMs, idleMs: (idle + waiting) * tickMs, ownMs: workOfTree(pid, proc) * tickMs };
}

/** Children that are gone are in their parent's account once it has waited for them. */
function workOfTree(root: number, proc: string): number {
  const children = new Map<number, { readonly pid: number; readonly ticks: number }[]>();
  let sum = 0;
  for (const name of readdirSync(proc)) {
    if (!/^\d+$/.test(name)) continue;
    const [parent, ticks] = readProcess(`${proc}/${name}/stat`) ?? [];
    if (parent === undefined || ticks === undefined) continue;
    const pid = Number(name);
    if (pid === root) sum += ticks;
    children.set(parent, [...(children.get(parent) ?? []), { pid, ticks }]);
  }
  const left = [root];
  for (let pid = left.pop(); pid !== undefined; pid = left.pop()) {
    for (const child of children.get(pid) ?? []) {
      sum += child.ticks;
      left.push(child.pid);
    }
  }
  return sum;
}

/** Its parent, and the ticks of itself and of the children that it waited for; undefined when it is gone. */
function readProcess(file: string): readonly [parent: number, ticks: number] | undefined {
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch {
    return undefined;
  }
  // The second field is the name in brackets, which may hold anything.
  const fields = text
    .slice(text.lastIndexOf(")") + 2)
    .split(" ")
    .map(Number);
  const [utime = 0, stime = 0, cutime = 0, cstime = 0] = fields.slice(11, 15);
  return [fields[1] ?? 0, utime + stime + cutime + cstime];
}
