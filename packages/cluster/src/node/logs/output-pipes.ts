import { execFile } from "node:child_process";
import { closeSync, constants, openSync, rmSync } from "node:fs";
import { mkdtemp } from "node:fs/promises";
import { Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Readable } from "node:stream";
import { promisify } from "node:util";

/** A container's stdout and stderr as real pipes. */
export interface OutputPipes {
  /** The ends that the container writes to, for `spawn`'s `stdio`. Close them once it runs. */
  readonly fds: readonly [number, number];
  readonly stdout: Readable;
  readonly stderr: Readable;
  closeWriteEnds(): void;
}

/**
 * Makes two pipes by `mkfifo`. Node's own stdio "pipes" are sockets, which an app cannot open again: then
 * `echo … > /dev/stdout` and `> /proc/1/fd/1`, both common in images and hooks, fail with ENXIO.
 */
export async function createOutputPipes(): Promise<OutputPipes> {
  const folder = await mkdtemp(join(tmpdir(), "seaworthy-pipes-"));
  try {
    const paths = [join(folder, "out"), join(folder, "err")] as const;
    await promisify(execFile)("mkfifo", ["-m", "622", ...paths]);
    const [stdout, stderr] = [openPipe(paths[0]), openPipe(paths[1])];
    return {
      fds: [stdout.writeEnd, stderr.writeEnd],
      stdout: stdout.readEnd,
      stderr: stderr.readEnd,
      closeWriteEnds() {
        closeSync(stdout.writeEnd);
        closeSync(stderr.writeEnd);
      },
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function openPipe(path: string): { readEnd: Readable; writeEnd: number } {
  // The reader comes first and does not wait; then the writer, which must not be O_NONBLOCK for the app's sake, finds it.
  const readFd = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  const writeEnd = openSync(path, constants.O_WRONLY);
  return { readEnd: new Socket({ fd: readFd, readable: true, writable: false }), writeEnd };
}
