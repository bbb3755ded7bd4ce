import assert from "node:assert/strict";
import { test } from "node:test";
import { examplePod } from "../testing/example-pod.ts";
import type { PodLife } from "../timeline/timeline.ts";
import { aftermath } from "./aftermath.ts";

const gone = examplePod({ ip: "10.244.0.5", deletionSeenAt: 1, goneAt: 2 });
const ending = examplePod({ ip: "10.244.0.6", deletionSeenAt: 1 });

/** How long the load goes on, when it is known after `knownMs` that nobody sends to the pods. */
async function lasts(ended: readonly PodLife[], knownMs: number): Promise<number> {
  let nowMs = 0;
  await aftermath(ended, {
    sleep: async (ms) => void (nowMs += ms),
    untilUnrouted: async (ips, mostMs) => {
      assert.deepEqual(
        ips,
        ended.map(({ ip }) => ip),
      );
      nowMs += Math.min(mostMs, knownMs);
    },
  });
  return nowMs;
}

test("where nobody sends to pods that are gone, until the connections are used again", async () => {
  assert.equal(await lasts([gone], 0), 1_000);
  assert.equal(await lasts([gone], 2_000), 3_000);
});

test("otherwise for a keep-alive period", async () => {
  assert.equal(await lasts([gone], 60_000), 5_000);
  assert.equal(await lasts([], 0), 5_000);
  assert.equal(await lasts([gone, ending], 0), 5_000);
});
