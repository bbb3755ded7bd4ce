import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { examplePlan } from "../testing/example-plan.ts";
import { LoadTotals } from "./load-totals.ts";
import type { FailureClass, Outcome } from "./outcome.ts";
import { Tally } from "./tally.ts";

const outcome = (failure: FailureClass, changes: Partial<Outcome> = {}) => ({
  target: "service",
  client: "keep-alive" as const,
  method: "GET",
  intendedAt: 1_000,
  sentAt: 1_001,
  doneAt: 1_002,
  reusedConnection: false,
  ...changes,
  class: failure,
});

const answered = (pod: string) => ({ class: "ok" as const, status: 200, headers: { "x-pod-name": pod } });
const facts = {
  startedAt: 1_000,
  endedAt: 3_000,
  scheduleMs: 2_000,
  intendedRate: 50,
  failures: [],
  intervals: [],
  streams: [],
  streamEnds: [],
  unendedStreams: [],
  warnings: [],
};

describe("LoadTotals", () => {
  it("adds up what the tallies of two workers counted, each delta once", () => {
    const plan = examplePlan({ workers: 2 });
    const totals = new LoadTotals(plan);
    const tallies = [new Tally(plan, 10), new Tally(plan, 10)];
    for (const [worker, tally] of tallies.entries()) {
      for (let i = 1; i <= 50; i++) {
        tally.started(0.5, i * 40);
        tally.succeeded("service", answered(`pod-${worker}`), i, i - 0.5);
        if (i % 10 === 0) totals.add(tally.take(i * 40));
      }
      tally.bytesReceived += 7;
      tally.opened += 2;
    }
    tallies[0]?.started(0.5, 2_000);
    tallies[0]?.failed(outcome("bad-status", { status: 503, headers: { "x-pod-name": "pod-0" } }));
    for (const tally of tallies) totals.add(tally.take(2_000));
    const report = totals.report(facts);
    assert.deepEqual([report.scheduled, report.ok, report.failed, report.unsent], [101, 100, 1, 0]);
    assert.deepEqual(report.classes, { "bad-status": 1 });
    assert.deepEqual(report.statuses, { 200: 100, 503: 1 });
    assert.deepEqual([report.bytes.received, report.connections.opened], [14, 4]);
    assert.ok(Math.abs(report.latency.p50Ms - 25) < 0.05, `${report.latency.p50Ms}`);
    assert.ok(Math.abs(report.serviceTime.maxMs - 49.5) < 0.05);
    assert.ok(Math.abs(report.rate.achieved - 50.5) < 0.01);
    const { ok, failed } = report.answeredBy["pod-0"] ?? {};
    assert.deepEqual([ok, failed, report.answeredBy["pod-1"]?.ok], [50, 1, 50]);
    assert.equal(report.byTarget["service"]?.failed, 1);
    assert.equal(report.generator.lagP99Ms.toFixed(2), "0.50");
  });

  it("counts what came in while the run settled, but not how long it took", () => {
    const plan = examplePlan({ settleMs: 1_000 });
    const totals = new LoadTotals(plan);
    const tally = new Tally(plan, 10);
    for (const [atMs, ms] of [
      [800, 90],
      [1_000, 80],
      [1_200, 5],
      [2_000, 7],
    ] as const) {
      tally.started(ms / 10, atMs);
      tally.succeeded("service", answered("pod"), ms, ms);
      totals.add(tally.take(atMs));
    }
    const { scheduled, ok, latency, serviceTime, generator } = totals.report(facts);
    assert.deepEqual([scheduled, ok, latency.count, serviceTime.count], [4, 4, 2, 2]);
    assert.ok(Math.abs(latency.maxMs - 7) < 0.01, `${latency.maxMs}`);
    assert.ok(Math.abs(generator.lagMaxMs - 0.7) < 0.01, `${generator.lagMaxMs}`);
  });

  it("tells of each failure once, and of the last second's latency", () => {
    const plan = examplePlan();
    const totals = new LoadTotals(plan);
    const tally = new Tally(plan, 10);
    for (let delta = 1; delta <= 20; delta++) {
      tally.started(0, 0);
      tally.succeeded("service", answered("a"), delta, delta);
      if (delta === 3) {
        tally.started(0, 0);
        tally.failed(outcome("refused"));
      }
      totals.add(tally.take(delta * 200));
      const { newFailures } = totals.progress();
      assert.equal(newFailures.length, delta === 3 ? 1 : 0);
    }
    const { recentP50Ms, elapsedMs, inFlight } = totals.progress();
    assert.equal(Math.round(recentP50Ms ?? 0), 18);
    assert.deepEqual([elapsedMs, inFlight], [4_000, 0]);
  });

  it("keeps failures up to a limit, counts the rest, and then doubts the run", () => {
    const plan = examplePlan();
    const totals = new LoadTotals(plan);
    const tally = new Tally(plan, 2);
    for (let i = 0; i < 5; i++) {
      tally.started(0, 0);
      tally.failed(outcome("refused"));
    }
    totals.add(tally.take(100));
    const report = totals.report({ ...facts, failures: tally.failures });
    assert.deepEqual([report.failed, report.failures.length], [5, 2]);
    assert.equal(report.generator.why, "3 failures were counted and not kept");
  });

  it("gives a header with a new value each time no more than its share of memory", () => {
    const tally = new Tally(examplePlan(), 10);
    for (let i = 0; i < 1_000; i++) {
      tally.started(0, 0);
      tally.succeeded("service", answered(`request-${i}`), 1, 1);
    }
    const { answeredBy } = tally.take(1);
    assert.equal(answeredBy.length, 201);
    assert.equal(answeredBy.find(({ name }) => name === "(others)")?.ok, 800);
  });
});
