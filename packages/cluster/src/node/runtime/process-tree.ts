import { readdirSync, readFileSync } from "node:fs";

/** A container with more processes than this is not looked at in full. */
const mostProcesses = 128;

/** The processes below one, itself included, each with its parent; parents stand before their children. proc_pid_task(5) */
export function descendants(pid: number): Map<number, number> {
  const parents = new Map<number, number>([[pid, 0]]);
  for (const parent of parents.keys()) {
    for (const thread of list(`/proc/${parent}/task`)) {
      const children = readText(`/proc/${parent}/task/${thread}/children`) ?? "";
      for (const child of children.split(" ").filter((each) => each !== ""))
        if (parents.size < mostProcesses) parents.set(Number(child), parent);
    }
  }
  return parents;
}

/** A file of /proc; undefined when its process is gone. */
export function readText(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return undefined;
  }
}

/** The names in a folder of /proc; none when its process is gone. */
export function list(path: string): string[] {
  try {
    return readdirSync(path);
  } catch {
    return [];
  }
}
