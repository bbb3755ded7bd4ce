import assert from "node:assert/strict";
import type { Socket } from "node:net";
import { test } from "node:test";
import { createDialers } from "./dialers.ts";

/** An agent that never answers what it is asked. */
function busyAgent() {
  return {
    pending: 0,
    ready: Promise.resolve(),
    stopped: false,
    dial(): Promise<Socket> {
      this.pending += 1;
      return new Promise(() => {});
    },
    stop() {
      this.stopped = true;
      return Promise.resolve();
    },
  };
}

test("as long as one agent has nothing else to do, there is no other", () => {
  const first = busyAgent();
  const dialers = createDialers(first, () => assert.fail("another was started"));
  void dialers.dial("10.244.1.2", 80, 1000);
  assert.equal(first.pending, 1);
});

test("more are started while all are busy, four at most, and the idlest one dials", async () => {
  const first = busyAgent();
  const others: ReturnType<typeof busyAgent>[] = [];
  const dialers = createDialers(first, () => {
    others.push(busyAgent());
    return others.at(-1)!;
  });
  for (let count = 0; count < 20; count += 1) {
    void dialers.dial("10.244.1.2", 80, 1000);
    await new Promise((resolve) => setImmediate(resolve));
  }
  assert.deepEqual(
    [first, ...others].map(({ pending }) => pending),
    [5, 5, 5, 5],
  );
  await dialers.stop();
  assert.deepEqual(
    others.map(({ stopped }) => stopped),
    [true, true, true],
  );
});
