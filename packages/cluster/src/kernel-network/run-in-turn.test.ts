import assert from "node:assert/strict";
import { test } from "node:test";
import { runInTurn } from "./run-in-turn.ts";

/** Turns whose runs end when they are told to. */
function turnsByHand() {
  const runs: PromiseWithResolvers<void>[] = [];
  const turns = runInTurn(() => {
    const run = Promise.withResolvers<void>();
    runs.push(run);
    return run.promise;
  });
  return { turns, runs };
}

const settled = () => new Promise((resolve) => setImmediate(resolve));

test("what is asked for during a run is done by one more run", async () => {
  const { turns, runs } = turnsByHand();
  turns.request();
  assert.equal(runs.length, 1);
  turns.request();
  turns.request();
  assert.equal(runs.length, 1);
  runs[0]?.resolve();
  await settled();
  assert.equal(runs.length, 2);
  const done = turns.settled();
  runs[1]?.resolve();
  await done;
  turns.request();
  assert.equal(runs.length, 3);
});

test("after the end nothing is begun, and the last run is waited for", async () => {
  const { turns, runs } = turnsByHand();
  turns.request();
  turns.request();
  let isOver = false;
  const over = turns[Symbol.asyncDispose]().then(() => (isOver = true));
  await settled();
  assert.equal(isOver, false);
  runs[0]?.resolve();
  await over;
  turns.request();
  await turns.settled();
  assert.equal(runs.length, 1);
});
