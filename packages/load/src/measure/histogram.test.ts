import assert from "node:assert/strict";
import { describe, it } from "node:test";
import * as fc from "fast-check";
import { bucketStartNs, Histogram } from "./histogram.ts";
import { summarize } from "./latency-summary.ts";

/** Values of every order of magnitude. */
const values = fc.oneof(
  fc.nat(5_000),
  fc.nat(2 ** 31 - 1),
  fc.integer({ min: 2 ** 30, max: 2 ** 43 }),
  fc
    .tuple(fc.nat(43), fc.integer({ min: -1, max: 1 }))
    .map(([e, off]) => Math.min(Math.max(0, 2 ** e + off), 2 ** 43)),
);
const lists = fc.array(values, { minLength: 1, maxLength: 300 });

function histogramOf(list: readonly number[]): Histogram {
  const histogram = new Histogram();
  for (const value of list) histogram.record(value);
  return histogram;
}

function near(actual: number, expected: number, relative: number): void {
  assert.ok(Math.abs(actual - expected) <= relative * Math.abs(expected), `${actual}, not ${expected}`);
}

/** Sums are the same but for the order of addition. */
function assertSame(a: Histogram, b: Histogram): void {
  assert.deepEqual([...a.buckets()], [...b.buckets()]);
  assert.deepEqual([a.count, a.minNs, a.maxNs], [b.count, b.minNs, b.maxNs]);
  near(a.meanNs, b.meanNs, 1e-12);
  near(a.toData().sumOfSquaresMs2, b.toData().sumOfSquaresMs2, 1e-12);
}

describe("Histogram", () => {
  it("puts each value into a bucket around it that is no wider than a thousandth of it", () => {
    fc.assert(
      fc.property(values, (value) => {
        const [bucket, ...more] = histogramOf([value]).buckets();
        assert.ok(bucket && more.length === 0);
        assert.ok(bucket.fromNs <= Math.min(value, 2 ** 43) && value <= bucket.toNs);
        assert.ok(bucket.toNs - bucket.fromNs <= value / 1000);
        if (value < 2048) assert.equal(bucket.toNs, bucket.fromNs);
      }),
      { numRuns: 2_000 },
    );
  });

  it("has buckets without gaps, from 0 to 2^43", () => {
    const width = (index: number): number => bucketStartNs(index + 1) - bucketStartNs(index);
    assert.equal(bucketStartNs(0), 0);
    assert.equal(bucketStartNs(33 * 1024 + 1024), 2 ** 43);
    for (let i = 0; i < 33 * 1024 + 1024; i++) assert.ok(width(i) >= 1 && width(i + 1) >= width(i));
  });

  it("gives percentiles within a thousandth of the nearest rank, and never above the maximum", () => {
    fc.assert(
      fc.property(lists, fc.double({ min: 0, max: 100, noNaN: true }), (list, percentile) => {
        const sorted = list.toSorted((a, b) => a - b);
        const rank = Math.max(1, Math.ceil((percentile * list.length) / 100));
        const truth = sorted[Math.min(rank, list.length) - 1] ?? NaN;
        const found = histogramOf(list).percentileNs(percentile);
        // At a whole rank the rounding of the product may have led the plain formula one too far.
        const before = sorted[rank - 2] ?? truth;
        assert.ok(
          [truth, before].some((it) => found >= it && found <= it * 1.001),
          `${found}, not ${truth}`,
        );
        assert.ok(found <= (sorted.at(-1) ?? 0));
      }),
    );
    const thousand = histogramOf(Array.from({ length: 1_000 }, (_, i) => i + 1));
    assert.equal(thousand.percentileNs(99.9), 999);
    assert.equal(thousand.percentileNs(100), 1_000);
    assert.equal(thousand.percentileNs(0), 1);
  });

  it("is the same whether values are recorded in one, added, or sent as data", () => {
    fc.assert(
      fc.property(lists, lists, (a, b) => {
        const one = histogramOf([...a, ...b]);
        const added = histogramOf(a);
        added.add(histogramOf(b));
        assertSame(added, one);
        const received = histogramOf(a);
        received.addData(structuredClone(histogramOf(b).toData()));
        assertSame(received, one);
        const copied = new Histogram();
        copied.addData(structuredClone(one.toData()));
        assert.deepEqual(copied.toData(), one.toData());
      }),
    );
  });

  it("has the mean and the standard deviation of the values", () => {
    fc.assert(
      fc.property(lists, (list) => {
        const histogram = histogramOf(list);
        const mean = list.reduce((sum, value) => sum + value, 0) / list.length;
        const deviation = Math.sqrt(list.reduce((sum, value) => sum + (value - mean) ** 2, 0) / list.length);
        near(histogram.meanNs, mean, 1e-9);
        const error = Math.abs(histogram.stdDevNs - deviation);
        assert.ok(
          error <= Math.max(0.001 * deviation, 1e-6 * mean),
          `${histogram.stdDevNs}, not ${deviation}`,
        );
      }),
    );
  });

  it("is as new after a reset", () => {
    fc.assert(
      fc.property(lists, lists, (a, b) => {
        const histogram = histogramOf(a);
        histogram.reset();
        assert.deepEqual(histogram.toData(), new Histogram().toData());
        for (const value of b) histogram.record(value);
        assert.deepEqual(histogram.toData(), histogramOf(b).toData());
      }),
    );
  });

  it("rounds fractions, and keeps what is too low or too high at its ends", () => {
    const histogram = histogramOf([-5, 0.4, 1.5, NaN, 2 ** 50, Number.POSITIVE_INFINITY]);
    assert.deepEqual(
      [...histogram.buckets()].map(({ fromNs, count }) => [fromNs, count]),
      [
        [0, 3],
        [2, 1],
        [2 ** 43, 2],
      ],
    );
    assert.equal(histogram.maxNs, 2 ** 43);
  });

  it("is all zeros when empty, and takes empty data for nothing", () => {
    const histogram = new Histogram();
    histogram.addData(new Histogram().toData());
    histogram.add(new Histogram());
    assert.deepEqual(Object.values(summarize(histogram)), Array(10).fill(0));
    assert.deepEqual([...histogram.buckets()], []);
  });

  it("refuses a bucket that does not exist", () => {
    const data = new Histogram().toData();
    for (const index of [-1, 1e9, NaN]) {
      assert.throws(
        () => new Histogram().addData({ ...data, counts: Float64Array.of(index, 1) }),
        RangeError,
      );
    }
  });
});

describe("summarize", () => {
  it("gives milliseconds", () => {
    const summary = summarize(histogramOf(Array.from({ length: 1_000 }, (_, i) => (i + 1) * 1e6)));
    assert.deepEqual([summary.count, summary.minMs, summary.maxMs, summary.meanMs], [1_000, 1, 1_000, 500.5]);
    const { p50Ms, p75Ms, p90Ms, p99Ms, p999Ms, stdDevMs } = summary;
    for (const [found, expected] of [
      [p50Ms, 500],
      [p75Ms, 750],
      [p90Ms, 900],
      [p99Ms, 990],
      [p999Ms, 999],
      [stdDevMs, 288.675],
    ] as const) {
      near(found, expected, 0.001);
    }
  });
});
