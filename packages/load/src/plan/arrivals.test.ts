import assert from "node:assert/strict";
import { describe, it } from "node:test";
import * as fc from "fast-check";
import { Arrivals } from "./arrivals.ts";
import type { Stage } from "./plan.ts";

const rates = fc.oneof(
  fc.constant(0),
  fc.double({ min: 0.1, max: 50, noNaN: true }),
  fc.double({ min: 50, max: 200_000, noNaN: true }),
);
const durations = fc.oneof(fc.integer({ min: 1, max: 60_000 }), fc.integer({ min: 1, max: 604_800_000 }));
const stages = fc.array(
  fc.oneof(
    fc.record({ fromRate: rates, toRate: rates, durationMs: durations }),
    fc.tuple(rates, durations).map(([rate, durationMs]) => ({ fromRate: rate, toRate: rate, durationMs })),
    // Nearly flat, where the plain formula for the root loses all digits.
    fc
      .tuple(rates, durations, fc.double({ min: -1e-9, max: 1e-9, noNaN: true }))
      .map(([rate, durationMs, bend]) => ({
        fromRate: rate,
        toRate: rate * (1 + bend),
        durationMs,
      })),
  ),
  { minLength: 1, maxLength: 5 },
);

/** The integral of the rate up to a time, term by term. */
function integral(list: readonly Stage[], untilMs: number): number {
  let count = 0;
  let startMs = 0;
  for (const { fromRate, toRate, durationMs } of list) {
    const spentMs = Math.min(Math.max(untilMs - startMs, 0), durationMs);
    const rateThen = fromRate + ((toRate - fromRate) * spentMs) / durationMs;
    count += ((fromRate + rateThen) * spentMs) / 2000;
    startMs += durationMs;
  }
  return count;
}

describe("Arrivals", () => {
  it("finds the time at which the integral of the rate has just reached a count", () => {
    fc.assert(
      fc.property(stages, fc.double({ min: 0, max: 1, noNaN: true }), (list, part) => {
        const arrivals = new Arrivals(list);
        const count = part * arrivals.expected;
        const dueMs = arrivals.dueMs(count);
        assert.ok(dueMs >= 0 && dueMs <= arrivals.durationMs);
        const found = integral(list, dueMs);
        assert.ok(Math.abs(found - count) <= 2e-6 + 1e-11 * arrivals.expected, `${found}, not ${count}`);
      }),
      { numRuns: 2_000 },
    );
  });

  it("has times that never decrease, asked for in any order", () => {
    fc.assert(
      fc.property(stages, fc.array(fc.double({ min: 0, max: 1, noNaN: true })), (list, parts) => {
        const arrivals = new Arrivals(list);
        const counts = parts.map((part) => Math.floor(part * arrivals.whole));
        const dueMs = counts.map((count) => arrivals.dueMs(count));
        for (const [a, count] of counts.entries()) {
          assert.equal(new Arrivals(list).dueMs(count), dueMs[a]);
          for (const [b, other] of counts.entries()) {
            if (count <= other) assert.ok((dueMs[a] ?? 0) <= (dueMs[b] ?? 0));
          }
        }
      }),
    );
  });

  it("does not drift: a request in the seventh day of a run is as exact as the first", () => {
    const arrivals = new Arrivals([{ fromRate: 30_000, toRate: 30_000, durationMs: 7 * 24 * 3_600_000 }]);
    assert.equal(arrivals.whole, 18_144_000_000);
    assert.equal(arrivals.dueMs(18_143_999_970), 604_799_999);
  });

  it("goes up and down a ramp", () => {
    const arrivals = new Arrivals([
      { fromRate: 0, toRate: 100, durationMs: 2_000 },
      { fromRate: 100, toRate: 0, durationMs: 2_000 },
    ]);
    assert.deepEqual(
      [arrivals.whole, arrivals.dueMs(0), arrivals.dueMs(25), arrivals.dueMs(100)],
      [200, 0, 1_000, 2_000],
    );
    assert.ok(Math.abs(arrivals.dueMs(175) - 3_000) < 1e-9);
    assert.equal(arrivals.dueMs(200), 4_000);
  });

  it("sends nothing in a pause, wherever it is", () => {
    const pause = { fromRate: 0, toRate: 0, durationMs: 1_000 };
    // 0.7 × 10 is a little more than 7 when it is computed as a sum of parts.
    const busy = { fromRate: 0.7, toRate: 0.7, durationMs: 10_000 };
    const arrivals = new Arrivals([pause, busy, pause, pause, busy, pause]);
    assert.equal(arrivals.whole, 14);
    assert.deepEqual([arrivals.dueMs(0), arrivals.dueMs(7)], [1_000, 13_000]);
    assert.equal(arrivals.dueMs(14), arrivals.durationMs);
  });
});
