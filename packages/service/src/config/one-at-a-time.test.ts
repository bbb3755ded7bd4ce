import assert from "node:assert/strict";
import { test } from "node:test";
import { oneAtATime } from "./one-at-a-time.ts";

test("runs follow each other, and of many calls during a run one more comes of it", async () => {
  const gates: PromiseWithResolvers<void>[] = [];
  let active = 0;
  const run = oneAtATime(async () => {
    active += 1;
    assert.equal(active, 1);
    const gate = Promise.withResolvers<void>();
    gates.push(gate);
    await gate.promise.finally(() => (active -= 1));
  });
  const first = run();
  const [second, third] = [run(), run()];
  assert.equal(second, third);
  assert.equal(gates.length, 1);
  gates[0]!.reject(new Error("broken"));
  await assert.rejects(first, /broken/);
  await new Promise(setImmediate);
  assert.equal(gates.length, 2, "a failed run does not hold the next one");
  const fourth = run();
  assert.notEqual(fourth, second);
  gates[1]!.resolve();
  await second;
  await new Promise(setImmediate);
  gates[2]!.resolve();
  await fourth;
  assert.equal(gates.length, 3);
});
