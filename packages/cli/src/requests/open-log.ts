import { createReadStream } from "node:fs";
import { resolve } from "node:path";
import { pipeline } from "node:stream";
import { createGunzip } from "node:zlib";
import { SeaworthyError } from "@seaworthy/errors";
import type { CommandContext } from "../command.ts";
import { unreadable } from "../load/read-input.ts";

const chunkBytes = 1_048_576;

/** The bytes of a log, as they are needed: of a file, unpacked where its name ends in .gz, or for `-` of stdin. Throws SW1003 and SW1009. */
export async function* openLog(
  file: string,
  { cwd, stdin, signal }: Pick<CommandContext, "cwd" | "stdin" | "signal">,
): AsyncGenerator<string | Uint8Array> {
  if (file === "-") {
    yield* readStdin(stdin);
    return;
  }
  const bytes = createReadStream(resolve(cwd, file), { highWaterMark: chunkBytes, signal });
  try {
    // Whoever iterates hears of the failure.
    yield* file.endsWith(".gz") ? pipeline(bytes, createGunzip(), () => undefined) : bytes;
  } catch (error) {
    signal.throwIfAborted();
    throw unreadable(file, "replay", error as NodeJS.ErrnoException);
  }
}

function readStdin(stdin: CommandContext["stdin"]): AsyncIterable<string | Uint8Array> {
  if (stdin.isTTY !== true) return stdin;
  throw new SeaworthyError("SW1009", "there is no log in stdin", {
    field: "--replay",
    seen: ["stdin is this terminal"],
    next: ["kubectl logs DEPLOYMENT | seaworthy load URL --replay -"],
  });
}
