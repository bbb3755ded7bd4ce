import assert from "node:assert/strict";
import { test } from "node:test";
import * as fc from "fast-check";
import { type BudgetOptions, planBudget } from "./budget.ts";

const usual: BudgetOptions = {
  terminationGracePeriodSeconds: undefined,
  preStopMs: 0,
  graceMs: undefined,
  drainMs: 5_000,
  drainMaxMs: 10_000,
  hooksMs: 2_000,
  flushMs: 1_000,
};

test("without any setting the parts fit into 20 seconds", () => {
  const budget = planBudget(usual);
  assert.deepEqual([budget.graceMs, budget.requestsUntilMs, budget.drainMs], [20_000, 17_000, 5_000]);
  assert.deepEqual(budget.warnings, []);
});

test("the grace period less preStop and margin is what there is", () => {
  const budget = planBudget({ ...usual, terminationGracePeriodSeconds: 30, preStopMs: 5_000 });
  assert.equal(budget.graceMs, 23_000);
  assert.deepEqual(budget.warnings, []);
});

test("what does not fit is shown with its arithmetic", () => {
  const { warnings } = planBudget({
    ...usual,
    terminationGracePeriodSeconds: 30,
    preStopMs: 15_000,
    graceMs: 20_000,
  });
  assert.deepEqual(warnings, [
    "preStop 15 s + shutdown 20 s + margin 2 s = 37 s, but terminationGracePeriodSeconds is 30: SIGKILL may come 7 s early",
  ]);
  // B's manifest: preStop sleeps 60 s inside the default 30.
  const slept = planBudget({ ...usual, terminationGracePeriodSeconds: 30, preStopMs: 60_000 });
  assert.equal(slept.graceMs, 0);
  assert.match(slept.warnings[0] ?? "", /drain 5 s .* leave nothing of the 0 s/);
});

test("no part is ever negative or beyond the whole", () => {
  const ms = fc.integer({ min: 0, max: 100_000 });
  fc.assert(
    fc.property(
      fc.record({
        terminationGracePeriodSeconds: fc.option(fc.integer({ min: 0, max: 100 }), { nil: undefined }),
        preStopMs: ms,
        graceMs: fc.option(ms, { nil: undefined }),
        drainMs: ms,
        drainMaxMs: ms,
        hooksMs: ms,
        flushMs: ms,
      }),
      (options) => {
        const { drainMs, drainMaxMs, requestsUntilMs, graceMs } = planBudget(options);
        assert.ok(
          0 <= drainMs &&
            drainMs <= drainMaxMs &&
            drainMaxMs <= requestsUntilMs &&
            requestsUntilMs <= graceMs,
        );
      },
    ),
  );
});
