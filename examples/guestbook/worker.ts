// Writes down what is in the queue, one after the other. It serves nobody, so no Service leads to it.
import { setTimeout as sleep } from "node:timers/promises";
import { redis } from "./redis.ts";

let ending = false;
process.on("SIGTERM", () => (ending = true));

while (!ending) {
  try {
    // An entry is in one of the lists at any time, so a worker that is killed loses none.
    const entry = await redis("BLMOVE", "queue", "taken", "RIGHT", "LEFT", "1");
    if (typeof entry !== "string") continue;
    await redis("LPUSH", "entries", `${new Date().toISOString()} ${entry}`);
    await redis("LTRIM", "entries", "0", "99");
    await redis("LREM", "taken", "1", entry);
    console.log(`written: ${entry.length} characters`);
  } catch (error) {
    console.log(`no storage: ${(error as Error).message}`);
    await sleep(500);
  }
}
console.log("ended after its last entry");
