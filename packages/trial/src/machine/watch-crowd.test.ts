import assert from "node:assert/strict";
import { test } from "node:test";
import { watchCrowd } from "./watch-crowd.ts";

test("it looks every two seconds, and no more once it is disposed of", (context) => {
  context.mock.timers.enable({ apis: ["setInterval", "Date"], now: 0 });
  let busyMs = 0;
  const crowd = watchCrowd(
    () => ({ busyMs: (busyMs += 4_000), idleMs: 0, ownMs: 0 }),
    () => Date.now(),
  );
  context.mock.timers.tick(2_000);
  context.mock.timers.tick(2_000);
  const spans = [
    { from: 0, until: 2_000, othersShare: 1 },
    { from: 2_000, until: 4_000, othersShare: 1 },
  ];
  assert.deepEqual(crowd.read(), spans);
  crowd[Symbol.dispose]();
  context.mock.timers.tick(10_000);
  assert.deepEqual(crowd.read(), spans);
});

test("where nothing can be read, nothing is ever crowded", () => {
  using crowd = watchCrowd(
    () => {
      throw new Error("ENOENT");
    },
    () => 0,
  );
  assert.deepEqual(crowd.read(), []);
});
