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
const chunkChars = 32 * 1024;
const latestMs = 50;

/**
 * Standard output by SonicBoom, pino's own stream, which writes without holding up the event loop. It counts the bytes of
 * whatever it is given, which costs more than the rest of a line does, so it is given many lines at once, and as bytes.
 */
export function openStdout(onDrop: (lines: number) => void): LogDestination {
  const { SonicBoom } = createRequire(import.meta.url)("sonic-boom") as typeof import("sonic-boom");
  const stream = new SonicBoom({
    fd: 1,
    sync: false,
    maxLength: mostBufferedBytes,
    maxWrite: 2 * chunkChars,
    contentMode: "buffer",
  });
  stream.on("drop", (lines: Buffer) => onDrop(lines.toString("latin1").split("\n").length - 1));
  stream.on("error", () => undefined); // A reader that has gone away must not end the service.
  let gathered = "";
  let timer: NodeJS.Timeout | undefined;

  function pass(): void {
    clearTimeout(timer);
    timer = undefined;
    if (gathered === "") return;
    const lines = Buffer.from(gathered);
    gathered = "";
    stream.write(lines as never); // Its types have strings only.
  }
  const destination: LogDestination = {
    write(line) {
      gathered += line;
      if (gathered.length >= chunkChars) pass();
      else timer ??= setTimeout(pass, latestMs).unref();
    },
    flush(done) {
      pass();
      stream.flush(done);
    },
    flushSync() {
      pass();
      stream.flushSync();
    },
  };
  // For whoever ends the process past the shutdown.
  process.once("exit", () => {
    try {
      destination.flushSync();
    } catch {
      // Nobody reads it any more.
    }
  });
  return destination;
}
