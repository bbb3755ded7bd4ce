import { setTimeout as sleep } from "node:timers/promises";
import type { Answer } from "./answer-reader.ts";
import { openConnection } from "./fuzz-connection.ts";

/** What became of a request that came one byte at a time. */
export interface SlowEnding {
  readonly answers: readonly Answer[];
  /** How many bytes could be sent. */
  readonly sentBytes: number;
}

/** Sends `start` at once, and then what `endless` repeats, a byte each `everyMs`, until the server ends the connection. */
export async function sendSlowly(
  port: number,
  start: string,
  endless: string,
  everyMs: number,
): Promise<SlowEnding> {
  const connection = await openConnection(port);
  connection.send(start, ["GET"]);
  const ended = connection.untilEnd();
  let sentBytes = start.length;
  for (let at = 0; !connection.hasEnded; at = (at + 1) % endless.length) {
    connection.send(endless.charAt(at), []);
    sentBytes += 1;
    await Promise.race([ended, sleep(everyMs)]);
  }
  return { answers: await ended, sentBytes };
}
