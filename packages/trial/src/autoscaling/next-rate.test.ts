import assert from "node:assert/strict";
import { test } from "node:test";
import { assert as check, double, property } from "fast-check";
import { goalShare, isBusyEnough, nextRate, type RampGoal, type TriedExtra } from "./next-rate.ts";

const goal: RampGoal = { share: 1.6, mostSteps: 6, mostPerSecond: 2_000, firstPerSecond: 100 };

/** Climbs where CPU is `idle` at first and grows by `perRequest`; gives what was tried. */
function climb(idle: number, perRequest: number): TriedExtra[] {
  const tried: TriedExtra[] = [{ extraPerSecond: 0, share: idle }];
  while (!isBusyEnough(tried.at(-1)!.share, goal)) {
    const extraPerSecond = nextRate(tried, goal);
    if (extraPerSecond === undefined) break;
    tried.push({ extraPerSecond, share: idle + extraPerSecond * perRequest });
  }
  return tried;
}

test("two rates tell the one that is needed", () => {
  assert.deepEqual(
    climb(0.2, 0.004).map(({ extraPerSecond }) => extraPerSecond),
    [0, 100, 350],
  );
});

test("a ramp ends at its limits, whatever CPU does", () => {
  const share = double({ min: 0, max: 1.2, noNaN: true });
  check(
    property(share, double({ min: -0.01, max: 0.01, noNaN: true }), (idle, perRequest) => {
      const tried = climb(idle, perRequest);
      assert.ok(tried.length <= goal.mostSteps + 1);
      const rates = tried.map(({ extraPerSecond }) => extraPerSecond);
      assert.ok(rates.every((rate, index) => index === 0 || rate > rates[index - 1]!));
      assert.ok(rates.at(-1)! <= goal.mostPerSecond);
    }),
  );
});

test("the goal is what the most pods can carry, and never too little to be acted upon", () => {
  assert.deepEqual(
    [goalShare(3, 10), goalShare(2, 3), goalShare(10, 11)].map((share) => share.toFixed(2)),
    ["2.00", "1.35", "1.30"],
  );
});
