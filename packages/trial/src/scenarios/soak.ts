import { setTimeout as sleep } from "node:timers/promises";
import type { Scenario } from "./scenario.ts";

/** Long enough for a keep-alive timeout of Node (5 s) and two periods of a slow probe (10 s) to pass. */
const soakMs = 20_000;

/** Nothing changes: what is lost now is lost every day, and no rollout is to blame. `--rounds N` makes it N times as long. */
export const soak: Scenario = {
  name: "soak",
  pods: "left",
  unfit: async () => undefined,
  estimateMs: () => soakMs,
  async act({ rounds = 1, signal, onEvent }) {
    for (let round = 1; round <= rounds; round++) {
      onEvent({ type: "round-start", round, rounds });
      await sleep(soakMs, undefined, { signal });
    }
    return rounds;
  },
};
