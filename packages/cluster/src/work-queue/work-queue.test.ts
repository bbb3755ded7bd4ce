import assert from "node:assert/strict";
import { test } from "node:test";
import { fakeClock } from "../testing/fake-clock.ts";
import { createWorkQueue, retryDelayMs } from "./work-queue.ts";

test("a key that is added while it waits or runs is worked on once more, never twice at once", async () => {
  const gates: PromiseWithResolvers<void>[] = [];
  await using queue = createWorkQueue({
    clock: fakeClock(),
    workers: 3,
    work: () => {
      gates.push(Promise.withResolvers());
      return gates.at(-1)!.promise;
    },
  });
  queue.add("a");
  queue.add("a");
  await Promise.resolve();
  assert.equal(gates.length, 1);
  for (let n = 0; n < 5; n += 1) queue.add("a");
  await Promise.resolve();
  assert.equal(gates.length, 1);
  gates[0]!.resolve();
  while (gates.length < 2) await new Promise(setImmediate);
  gates[1]!.resolve();
  await queue.idle();
  assert.equal(gates.length, 2);
});

test("a key that fails is tried again after 5 ms, 10 ms, 20 ms, … at most 1000 s", async () => {
  const clock = fakeClock();
  const runs: number[] = [];
  await using queue = createWorkQueue({
    clock,
    work: () => {
      runs.push(clock.now());
      return runs.length < 4 ? Promise.reject(new Error("no")) : Promise.resolve();
    },
  });
  queue.add("a");
  for (const delayMs of [5, 10, 20]) {
    await queue.idle();
    clock.advance(delayMs);
  }
  await queue.idle();
  assert.deepEqual(runs, [0, 5, 15, 35]);
  assert.equal(clock.waiting, 0);
  assert.equal(retryDelayMs(100), 1_000_000);
});

test("of several delays of a key the earliest wins, and disposing cancels what is left", async () => {
  const clock = fakeClock();
  const runs: number[] = [];
  const queue = createWorkQueue({
    clock,
    work: () => {
      runs.push(clock.now());
      return Promise.resolve();
    },
  });
  queue.addAfter("a", 100);
  queue.addAfter("a", 30);
  queue.addAfter("a", 50);
  clock.advance(30);
  await queue.idle();
  clock.advance(200);
  await queue.idle();
  assert.deepEqual(runs, [30]);
  queue.addAfter("a", 10);
  await queue[Symbol.asyncDispose]();
  assert.equal(clock.waiting, 0);
});

test("a key that took long rests four times as long, a second at most, before its next turn", async () => {
  const clock = fakeClock();
  const runs: number[] = [];
  const lengths = [50, 10, 5000, 0];
  await using queue = createWorkQueue({
    clock,
    restClock: clock,
    work: (key) => {
      if (key === "other") return Promise.resolve();
      const length = lengths[runs.length] ?? 0;
      runs.push(clock.now());
      clock.advance(length);
      // It changes again while it is worked on.
      if (runs.length < lengths.length) queue.add(key);
      return Promise.resolve();
    },
  });
  queue.add("a");
  await queue.idle();
  for (const waitMs of [199, 1, 999, 1]) {
    queue.add("other");
    queue.add("a");
    clock.advance(waitMs);
    await queue.idle();
  }
  assert.deepEqual(runs, [0, 250, 260, 6260]);
});
