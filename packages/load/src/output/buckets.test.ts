import assert from "node:assert/strict";
import { test } from "node:test";
import * as fc from "fast-check";
import { Histogram } from "../measure/histogram.ts";
import { bucketsOf, percentilesNs, roughBuckets } from "./buckets.ts";

const values = fc.array(fc.integer({ min: 0, max: 1e11 }), { minLength: 1, maxLength: 200 });

function histogramOf(all: readonly number[]): Histogram {
  const histogram = new Histogram();
  for (const value of all) histogram.record(value);
  return histogram;
}

test("percentiles are those of the histogram", () => {
  fc.assert(
    fc.property(values, (all) => {
      const histogram = histogramOf(all);
      const percentiles = [0, 50, 90, 99, 99.9, 100];
      assert.deepEqual(
        percentilesNs(bucketsOf(histogram.toData()), percentiles),
        percentiles.map((percentile) => histogram.percentileNs(percentile)),
      );
    }),
  );
});

test("rough buckets are few, adjoin, and lose nothing", () => {
  fc.assert(
    fc.property(values, fc.integer({ min: 1, max: 60 }), (all, atMost) => {
      const rough = roughBuckets(bucketsOf(histogramOf(all).toData()), atMost);
      assert.ok(rough.length >= 1 && rough.length <= atMost, `${rough.length}`);
      assert.equal(
        rough.reduce((sum, { count }) => sum + count, 0),
        all.length,
      );
      for (const [index, { fromNs }] of rough.entries())
        assert.ok(index === 0 || fromNs === rough[index - 1]!.toNs);
    }),
  );
});

test("rough buckets begin at round times", () => {
  const rough = roughBuckets(bucketsOf(histogramOf([1.3e6, 4e6, 45e6]).toData()), 6);
  assert.deepEqual(
    rough.map(({ fromNs, count }) => [fromNs / 1e6, count]),
    [
      [1, 1],
      [2, 1],
      [5, 0],
      [10, 0],
      [20, 1],
    ],
  );
});

test("nothing counted is no bucket", () => {
  assert.deepEqual(roughBuckets(bucketsOf(new Histogram().toData()), 10), []);
  assert.deepEqual(percentilesNs([], [50, 99]), [0, 0]);
});
