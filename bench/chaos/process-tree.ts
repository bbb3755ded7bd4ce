import { readdirSync, readFileSync } from "node:fs";

/** A process of this machine. */
export interface Process {
  readonly pid: number;
  readonly parent: number;
  /** When it started, in clock ticks since the machine did: a number that is used again is another process. */
  readonly startedAt: number;
  readonly command: string;
}

/** Remembers every process that was seen below some others, so that one which outlives them is found. */
export class ProcessTree {
  readonly #seen = new Map<string, Process>();

  /** Looks at all processes below `root`, and remembers them. */
  look(root: number): readonly Process[] {
    const all = processes();
    const below: Process[] = [];
    const add = (parent: number): void => {
      for (const each of all)
        if (each.parent === parent) {
          below.push(each);
          add(each.pid);
        }
    };
    add(root);
    for (const each of below) this.#seen.set(keyOf(each), each);
    return below;
  }

  /** Those seen so far that still live. */
  alive(): readonly Process[] {
    return processes().filter((each) => this.#seen.has(keyOf(each)));
  }
}

function keyOf({ pid, startedAt }: Process): string {
  return `${pid}/${startedAt}`;
}

function processes(): Process[] {
  return readdirSync("/proc").flatMap((name) =>
    /^\d+$/.test(name) ? (readProcess(Number(name)) ?? []) : [],
  );
}

/** https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html. Undefined for one that is gone, or a zombie. */
function readProcess(pid: number): Process | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "latin1");
    // The name, which is in brackets, may have spaces and brackets itself.
    const [state, parent, ...rest] = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    if (state === "Z") return undefined;
    const command = readFileSync(`/proc/${pid}/cmdline`, "latin1").replaceAll("\0", " ").slice(0, 120);
    return { pid, parent: Number(parent), startedAt: Number(rest[17]), command };
  } catch {
    return undefined;
  }
}
