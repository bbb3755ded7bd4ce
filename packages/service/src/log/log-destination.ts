import { DescriptorWriter } from "./descriptor-writer.ts";

/** The destination of log lines, each of which ends in a newline. */
export interface LogDestination {
  write(line: string): void;
  /** Writes a line whose text may be made later, when its turn comes. */
  writeLater?<T>(fields: T, text: (fields: T) => string): void;
  flush?(done: (error?: Error | null) => void): void;
  flushSync(): void;
}

/** A reader of stdout that stands still must not take the service's memory: beyond this, lines are dropped and counted. */
const mostBufferedBytes = 16 * 1024 * 1024;
/** The size of one write, for many lines, because a system call costs more than a hundred lines do. */
const chunkChars = 32 * 1024;
/**
 * The number of texts that are made at once. Between two requests the processor's caches hold the kernel's work, and a
 * text made there costs several times as much as one that is made right after another.
 */
const mostLater = 128;
const latestMs = 50;

/** Standard output, written in chunks of many lines and without holding up the event loop. */
export function openStdout(onDrop: (lines: number) => void): LogDestination {
  const stdout = new DescriptorWriter(1, {
    mostBytes: mostBufferedBytes,
    onDrop: (lines) => onDrop(lines.toString("latin1").split("\n").length - 1),
  });
  let gathered = "";
  let later: Later[] = [];
  let timer: NodeJS.Timeout | undefined;

  function makeTexts(): void {
    if (later.length === 0) return;
    for (const { fields, text } of later) gathered += text(fields);
    later = [];
  }
  function take(): Buffer {
    clearTimeout(timer);
    timer = undefined;
    makeTexts();
    const lines = Buffer.from(gathered);
    gathered = "";
    return lines;
  }
  const pass = (): void => stdout.write(take());
  function passSoon(isFull: boolean): void {
    if (isFull) pass();
    else timer ??= setTimeout(pass, latestMs).unref();
  }
  const destination: LogDestination = {
    write(line) {
      makeTexts();
      gathered += line;
      passSoon(gathered.length >= chunkChars);
    },
    writeLater(fields, text) {
      later.push({ fields, text } as Later);
      passSoon(later.length >= mostLater);
    },
    flush(done) {
      pass();
      stdout.flush(done);
    },
    flushSync: () => stdout.writeSync(take()),
  };
  // For a process that ends without the shutdown.
  process.once("exit", () => destination.flushSync());
  return destination;
}

interface Later {
  readonly fields: unknown;
  readonly text: (fields: unknown) => string;
}
