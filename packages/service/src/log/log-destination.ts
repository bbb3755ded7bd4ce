import { DescriptorWriter } from "./descriptor-writer.ts";

/** Where lines go: each ends in a newline. */
export interface LogDestination {
  write(line: string): void;
  /** The same for a line whose text may be made later, in its turn. */
  writeLater?<T>(fields: T, text: (fields: T) => string): void;
  flush?(done: (error?: Error | null) => void): void;
  flushSync(): void;
}

/** A reader of stdout that stands still must not take the service's memory: beyond this, lines are dropped and counted. */
const mostBufferedBytes = 16 * 1024 * 1024;
/** One write for many lines: a system call costs more than a hundred of them. */
const chunkChars = 32 * 1024;
/**
 * So many texts are made at once. Between two requests the processor's caches hold what the kernel does, and a text costs
 * several times as much as one that is made right after another.
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
  // For whoever ends the process past the shutdown.
  process.once("exit", () => destination.flushSync());
  return destination;
}

interface Later {
  readonly fields: unknown;
  readonly text: (fields: unknown) => string;
}
