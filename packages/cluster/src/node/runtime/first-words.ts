import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import type { Duplex } from "node:stream";

/**
 * What a script on its way to become a program says on descriptor 3, `ready` when all went well. The descriptor's end says
 * nothing, for those who entered a namespace before the script hold it as long as the program runs.
 */
export async function firstWords(child: ChildProcess): Promise<string> {
  const control = child.stdio[3] as Duplex;
  control.on("error", () => {});
  // One turn of the event loop may bring the exit before the words that preceded it; only its end says that there are none.
  const closed = new Promise((resolve) => control.once("close", resolve));
  return await Promise.race([
    once(control, "data").then(([chunk]) => String(chunk).trim()),
    ended(child).then((how) => closed.then(() => `it ended before it started (${how})`)),
  ]);
}

function ended(child: ChildProcess): Promise<string> {
  return new Promise((resolve) => {
    child.once("exit", (code, signal) => resolve(String(signal ?? code)));
    child.once("error", ({ message }) => resolve(message));
  });
}
