import { createRequire } from "node:module";

/** Where lines go: each ends in a newline. */
export interface LogDestination {
  write(line: string): void;
  flush?(done: (error?: Error | null) => void): void;
  flushSync(): void;
}

/** A reader of stdout that stands still must not take the service's memory: beyond this, lines are dropped and counted. */
const mostBufferedBytes = 16 * 1024 * 1024;
/** One write for many lines: a system call costs more than a hundred of them. */
const chunkBytes = 64 * 1024;
const latestMs = 100;

/** Standard output, with lines gathered into larger writes that do not hold up the event loop: pino's own stream. */
export function openStdout(onDrop: () => void): LogDestination {
  const { SonicBoom } = createRequire(import.meta.url)("sonic-boom") as typeof import("sonic-boom");
  const stream = new SonicBoom({
    fd: 1,
    sync: false,
    minLength: chunkBytes / 2,
    maxWrite: chunkBytes,
    maxLength: mostBufferedBytes,
    periodicFlush: latestMs,
  } as never);
  stream.on("drop", onDrop);
  stream.on("error", () => undefined); // A reader that has gone away must not end the service.
  return stream as unknown as LogDestination;
}
