import { open, readdir, type FileHandle } from "node:fs/promises";
import { watch } from "node:fs";
import { join } from "node:path";
import { StringDecoder } from "node:string_decoder";
import type { LogRequest } from "../../log-source.ts";

const chunkBytes = 64 * 1024;

/**
 * Reads a container's log as `kubectl logs` shows it. `folder` has one file per start: `0.log`, `1.log`, …
 * A followed log ends when `isRunning` says that the container's start of that number will write no more.
 */
export async function* readContainerLog(
  folder: string,
  request: Omit<LogRequest, "container">,
  isRunning: (start: number) => boolean,
): AsyncIterable<string> {
  const start = await findStart(folder, request.previous);
  if (start === undefined) return;
  const path = join(folder, `${start}.log`);
  await using file = await open(path, "r");
  const budget = { leftBytes: request.limitBytes ?? Infinity };
  const show = function* (lines: readonly string[]) {
    for (const line of lines) {
      const text = formatLine(line, request.timestamps, request.sinceMs);
      if (text === undefined || budget.leftBytes <= 0) continue;
      const cut =
        Buffer.byteLength(text) <= budget.leftBytes
          ? text
          : Buffer.from(text).subarray(0, budget.leftBytes).toString();
      budget.leftBytes -= Buffer.byteLength(cut);
      yield cut;
    }
  };

  const reader = new LineReader(file);
  if (request.tailLines === undefined) {
    for (
      let lines = await reader.read();
      lines.length > 0 && budget.leftBytes > 0;
      lines = await reader.read()
    )
      yield* show(lines);
  } else {
    const tail: string[] = [];
    for (let lines = await reader.read(); lines.length > 0; lines = await reader.read()) {
      tail.push(...lines);
      tail.splice(0, Math.max(0, tail.length - request.tailLines));
    }
    yield* show(tail);
  }
  if (!request.follow || request.previous) return;
  while (budget.leftBytes > 0 && !request.signal.aborted) {
    const wasRunning = isRunning(start);
    const lines = await reader.read();
    yield* show(lines);
    if (lines.length > 0) continue;
    if (!wasRunning) return;
    await nextWrite(path, request.signal);
  }
}

/** The number of the latest start, or of the one before. */
async function findStart(folder: string, previous: boolean): Promise<number | undefined> {
  const names = await readdir(folder).catch(() => []);
  const starts = names.map((name) => Number.parseInt(name, 10)).sort((a, b) => b - a);
  return starts[previous ? 1 : 0];
}

/** `<time> <stream> <F|P> <text>` as it is shown, or undefined when it is too old. A `P` is a part of a line. */
function formatLine(line: string, timestamps: boolean, sinceMs: number | undefined): string | undefined {
  const match = /^(\S+) (?:stdout|stderr) ([FP])\S* ?(.*)$/s.exec(line);
  if (match === null) return undefined;
  const [, time = "", tag, text = ""] = match;
  if (sinceMs !== undefined && Date.parse(time) < sinceMs) return undefined;
  return `${timestamps ? `${time} ` : ""}${text}${tag === "P" ? "" : "\n"}`;
}

class LineReader {
  readonly #file: FileHandle;
  readonly #decoder = new StringDecoder("utf8");
  readonly #buffer = Buffer.alloc(chunkBytes);
  #rest = "";
  #position = 0;

  constructor(file: FileHandle) {
    this.#file = file;
  }

  /** The next whole lines; none at the end of what is written so far. */
  async read(): Promise<string[]> {
    for (;;) {
      const { bytesRead } = await this.#file.read(this.#buffer, 0, chunkBytes, this.#position);
      if (bytesRead === 0) return [];
      this.#position += bytesRead;
      const lines = (this.#rest + this.#decoder.write(this.#buffer.subarray(0, bytesRead))).split("\n");
      this.#rest = lines.pop() ?? "";
      if (lines.length > 0) return lines;
    }
  }
}

/** Resolves when the file may have grown; at the latest after 200 ms, to see that the container has ended. */
function nextWrite(path: string, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const end = () => {
      clearTimeout(timer);
      watcher?.close();
      signal.removeEventListener("abort", end);
      resolve();
    };
    const timer = setTimeout(end, 200);
    let watcher: ReturnType<typeof watch> | undefined;
    try {
      watcher = watch(path, end);
      watcher.on("error", end);
    } catch {
      // The file is gone with its pod; the timer ends the wait.
    }
    signal.addEventListener("abort", end, { once: true });
  });
}
