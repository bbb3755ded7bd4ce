import { execFile } from "node:child_process";
import { constants, openSync, rmSync } from "node:fs";
import { mkdtemp } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";

/** The two ends of a pipe, as descriptors: the reading one does not wait, the writing one does. */
export interface OutputPipe {
  readonly read: number;
  readonly write: number;
}

/** Enough for ten containers that start at once, and then some. Each is two descriptors. */
const madeAtOnce = 32;

/** Pipes that are made ahead. */
export interface PipeStock {
  /**
   * Takes a pipe for what a process says. `parent` is a folder of its pod's own, in which pipes have names for a moment: what a
   * killed process leaves there goes with the pod.
   */
  take(parent: string): Promise<OutputPipe>;
}

/** Makes a stock, which is empty at first. It is filled when it is empty, because each run of mkfifo is a fork of this large process. */
export function createPipeStock(): PipeStock {
  const stock: OutputPipe[] = [];
  let filling: Promise<void> | undefined;
  const fill = (parent: string) =>
    makePipes(parent, madeAtOnce, (path) => {
      // The reader comes first and does not wait; then the writer, which must not be O_NONBLOCK for the app's sake, finds it.
      const read = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
      stock.push({ read, write: openSync(path, constants.O_WRONLY) });
    });
  return {
    async take(parent) {
      for (;;) {
        const pipe = stock.pop();
        if (pipe !== undefined) return pipe;
        const others = filling;
        // Another pod's folder may be removed meanwhile, which is no reason for this one to fail.
        if (others !== undefined) await others.catch(() => {});
        else await (filling = fill(parent).finally(() => (filling = undefined)));
      }
    },
  };
}

/**
 * Makes pipes by `mkfifo`, and has them opened while they have names. Node's own stdio "pipes" are sockets, which a process cannot
 * open again: then `echo … > /dev/stdout` and `> /proc/1/fd/1`, both common in images and hooks, fail with ENXIO.
 */
export async function makePipes(parent: string, count: number, open: (path: string) => void): Promise<void> {
  const folder = await mkdtemp(join(parent, ".pipes-"));
  try {
    const paths = Array.from({ length: count }, (_, index) => join(folder, String(index)));
    await promisify(execFile)("mkfifo", ["-m", "622", ...paths]);
    paths.forEach(open);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
