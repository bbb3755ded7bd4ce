import assert from "node:assert/strict";
import { describe, it } from "node:test";
import * as fc from "fast-check";
import { Histogram } from "./histogram.ts";
import type { Interval } from "./load-report.ts";
import { type Delta, Timeline } from "./timeline.ts";

/** A delta in which so many requests became due, the given ones were answered, and others failed. */
function delta(atMs: number, latenciesMs: readonly number[], changes: Partial<Delta> = {}): Delta {
  const histogram = new Histogram();
  for (const ms of latenciesMs) histogram.record(ms * 1e6);
  const ok = latenciesMs.length;
  const latency = histogram.toData();
  return {
    worker: 0,
    atMs,
    scheduled: ok,
    ok,
    failed: 0,
    unsent: 0,
    bytesReceived: 10 * ok,
    latency,
    ...changes,
  };
}

/** Deltas of several workers, every 200 ms and a little late, in the order in which they were made. */
const courses = fc
  .record({
    workers: fc.integer({ min: 1, max: 3 }),
    ticks: fc.array(
      fc.record({
        lateMs: fc.double({ min: 0, max: 90, noNaN: true }),
        latencies: fc.array(fc.integer({ min: 1, max: 20_000 }), { maxLength: 4 }),
        pending: fc.nat(3),
        failed: fc.nat(2),
      }),
      { minLength: 1, maxLength: 400 },
    ),
  })
  .map(({ workers, ticks }) => ({
    workers,
    deltas: ticks.map(({ lateMs, latencies, pending, failed }, n) =>
      delta(200 * (1 + Math.floor(n / workers)) + lateMs, latencies, {
        worker: n % workers,
        failed,
        scheduled: latencies.length + failed + pending,
      }),
    ),
  }));

const sums = ["scheduled", "ok", "failed", "unsent", "bytesReceived"] as const;

describe("Timeline", () => {
  it("loses nothing, gives each row once and in order, and keeps no more rows than it may", () => {
    fc.assert(
      fc.property(courses, fc.constantFrom(4, 10, 1_800), ({ workers, deltas }, maxRows) => {
        const timeline = new Timeline({ workers, maxRows });
        const given: Interval[] = [];
        for (const it of deltas) given.push(...timeline.add(it));
        given.push(...timeline.finish());
        assert.deepEqual(timeline.finish(), []);
        const rows = timeline.rows();
        // Rows that are not complete come on top; a worker's deltas are at most a second apart here.
        assert.ok(rows.length <= maxRows + 2, `${rows.length} rows`);
        for (const intervals of [given, rows]) {
          for (const field of sums) assert.equal(total(intervals, field), total(deltas, field));
          assert.ok(intervals.every((it, n) => it.fromMs === end(intervals[n - 1])));
          const open = deltas.reduce((sum, { scheduled, ok, failed }) => sum + scheduled - ok - failed, 0);
          assert.equal(intervals.at(-1)?.inFlight, open);
        }
      }),
    );
  });

  it("has the percentiles of all values of a row to a hundredth, and its maximum exactly", () => {
    const values = fc.array(fc.double({ min: 0.001, max: 100_000, noNaN: true }), { minLength: 1 });
    fc.assert(
      fc.property(fc.array(values, { minLength: 1, maxLength: 5 }), (parts) => {
        const timeline = new Timeline({ workers: 1 });
        for (const [n, part] of parts.entries()) timeline.add(delta(200 * (n + 1), part));
        const [row] = timeline.rows();
        const sorted = parts.flat().sort((a, b) => a - b);
        const rank = (percentile: number): number =>
          sorted[Math.ceil((percentile * sorted.length) / 100) - 1] ?? 0;
        for (const [found, truth] of [
          [row?.p50Ms, rank(50)],
          [row?.p90Ms, rank(90)],
          [row?.p99Ms, rank(99)],
        ] as const) {
          assert.ok(
            found !== undefined && found >= truth - 1e-6 && found <= truth * 1.01 + 1e-6,
            `${found}, not ${truth}`,
          );
        }
        assert.ok(Math.abs((row?.maxMs ?? 0) - (sorted.at(-1) ?? 0)) <= 1e-6);
      }),
    );
  });

  it("gives a row when the last worker has gone past its end", () => {
    const timeline = new Timeline({ workers: 2 });
    const empty = (worker: number, atMs: number): Interval[] => timeline.add(delta(atMs, [], { worker }));
    assert.deepEqual([...empty(0, 900), ...empty(1, 950), ...empty(0, 1_100), ...empty(0, 2_100)], []);
    assert.deepEqual(
      empty(1, 1_000).map(({ fromMs, durationMs }) => [fromMs, durationMs]),
      [[0, 1_000]],
    );
    assert.deepEqual(
      timeline.finish().map(({ fromMs, durationMs }) => [fromMs, durationMs]),
      [[1_000, 1_000]],
    );
  });

  it("puts a delta that is a little late into the row in which its requests ended", () => {
    const timeline = new Timeline({ workers: 1 });
    for (const atMs of [200.9, 401, 600.5, 800.2, 1_000.7, 1_200.3]) timeline.add(delta(atMs, [1]));
    assert.deepEqual(
      timeline.rows().map(({ ok }) => ok),
      [5, 1],
    );
    assert.ok(Math.abs((timeline.rows()[1]?.durationMs ?? 0) - 200.3) < 1e-9);
  });

  it("is not held up by a worker that says nothing, and counts what it says late", () => {
    const timeline = new Timeline({ workers: 2 });
    const given = Array.from({ length: 20 }, (_, n) => timeline.add(delta(1_000 * (n + 1), [1])));
    assert.equal(given.flat().length, 10);
    timeline.add(delta(20_000, [1, 1], { worker: 1 }));
    assert.equal(total(timeline.rows(), "ok"), 22);
  });

  it("makes two rows one when there are too many, and goes on in rows of double width", () => {
    const timeline = new Timeline({ workers: 1, maxRows: 4 });
    const given = Array.from({ length: 10 }, (_, n) => timeline.add(delta(1_000 * (n + 1), [n + 1]))).flat();
    assert.deepEqual(
      given.map(({ fromMs, durationMs }) => [fromMs, durationMs]),
      [
        [0, 1_000],
        [1_000, 1_000],
        [2_000, 1_000],
        [3_000, 1_000],
        [4_000, 2_000],
        [6_000, 2_000],
      ],
    );
    assert.deepEqual(
      timeline.rows().map(({ fromMs, ok, maxMs }) => [fromMs, ok, maxMs]),
      [
        [0, 4, 4],
        [4_000, 4, 8],
        [8_000, 2, 10],
      ],
    );
  });

  it("goes over a long silence, of a machine that slept", () => {
    const timeline = new Timeline({ workers: 1, maxRows: 8 });
    timeline.add(delta(1_000, [1]));
    const given = timeline.add(delta(100_000, [1]));
    assert.ok(given.every((it, n) => it.fromMs === (n === 0 ? 1_000 : end(given[n - 1]))));
    assert.ok(timeline.rows().length <= 8);
    assert.equal(total(timeline.rows(), "ok"), 2);
  });

  it("has no latency in a row without good answers", () => {
    const timeline = new Timeline({ workers: 1 });
    timeline.add(delta(200, [], { failed: 1, scheduled: 1 }));
    const [row] = timeline.rows();
    assert.deepEqual(
      [row?.p50Ms, row?.p90Ms, row?.p99Ms, row?.maxMs, row?.failed],
      [undefined, undefined, undefined, undefined, 1],
    );
  });
});

function total<K extends string>(list: readonly Readonly<Record<K, number>>[], field: K): number {
  return list.reduce((sum, it) => sum + it[field], 0);
}

function end(interval: Interval | undefined): number {
  return interval ? interval.fromMs + interval.durationMs : 0;
}
