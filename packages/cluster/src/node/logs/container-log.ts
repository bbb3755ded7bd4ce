import { createWriteStream, mkdirSync } from "node:fs";
import { dirname } from "node:path";
import type { Readable } from "node:stream";
import { finished } from "node:stream/promises";
import { StringDecoder } from "node:string_decoder";

/** The containerd limit: a longer line is cut into parts tagged `P`. */
const maxLineLength = 16 * 1024;

/**
 * Writes a container's output in the CRI log format; resolves when both streams have ended and all is on disk.
 * https://github.com/kubernetes/design-proposals-archive/blob/main/node/kubelet-cri-logging.md
 */
export async function writeContainerLog(
  path: string,
  streams: { readonly stdout: Readable; readonly stderr?: Readable },
  now: () => number,
): Promise<void> {
  mkdirSync(dirname(path), { recursive: true });
  const file = createWriteStream(path, { flags: "a" });
  // A full disk must not take the cluster down; the log then misses lines.
  file.on("error", () => {});
  await Promise.all(
    (["stdout", "stderr"] as const).map(async (name) => {
      const stream = streams[name];
      if (stream === undefined) return;
      const decoder = new StringDecoder("utf8");
      let rest = "";
      const take = (text: string, ended: boolean) => {
        const { records, partial } = splitLines(rest + text, ended);
        rest = partial;
        const time = formatLogTime(now());
        for (const { tag, line } of records) file.write(`${time} ${name} ${tag} ${line}\n`);
      };
      stream.on("data", (chunk: Buffer) => take(decoder.write(chunk), false));
      await finished(stream, { writable: false }).catch(() => {});
      take(decoder.end(), true);
    }),
  );
  await new Promise<void>((resolve) => {
    file.end(resolve);
    file.once("close", resolve);
  });
}

/** Cuts text into log records, keeping the last unfinished line unless the stream has ended. */
export function splitLines(
  text: string,
  ended: boolean,
): { records: { tag: "F" | "P"; line: string }[]; partial: string } {
  const records: { tag: "F" | "P"; line: string }[] = [];
  const lines = text.split("\n");
  let partial = lines.pop() ?? "";
  const push = (line: string, tag: "F" | "P") => {
    let from = 0;
    for (; line.length - from > maxLineLength; from += maxLineLength)
      records.push({ tag: "P", line: line.slice(from, from + maxLineLength) });
    records.push({ tag, line: line.slice(from) });
  };
  for (const line of lines) push(line, "F");
  if (ended && partial !== "") {
    push(partial, "P");
    partial = "";
  } else if (partial.length > maxLineLength) {
    push(partial.slice(0, maxLineLength), "P");
    partial = partial.slice(maxLineLength);
  }
  return { records, partial };
}

/** RFC 3339 with nanoseconds, as container runtimes write it. */
export function formatLogTime(epochMs: number): string {
  return new Date(epochMs).toISOString().replace("Z", "000000Z");
}
