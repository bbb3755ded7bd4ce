import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Outcome, OutcomeClass } from "./outcome.ts";
import { Tally } from "./tally.ts";
import { examplePlan } from "./testing/example-plan.ts";

const outcome = (outcomeClass: OutcomeClass, latencyMs: number, pod?: string): Outcome => ({
  class: outcomeClass,
  target: "service",
  client: "keep-alive",
  method: "GET",
  intendedAt: 1_000,
  sentAt: 1_001,
  doneAt: 1_000 + latencyMs,
  reusedConnection: false,
  ...(pod === undefined ? {} : { headers: { "x-pod-name": pod } }),
});

describe("Tally", () => {
  it("takes latency over good answers alone, from the intended time", () => {
    const tally = new Tally(examplePlan());
    for (let i = 0; i < 100; i++) tally.started(1_000, 1_001);
    for (let i = 1; i < 100; i++) tally.record(outcome("ok", i, i % 2 ? "a" : "b"));
    tally.record(outcome("response-timeout", 9_000));
    const report = tally.report(1, 2);
    assert.ok(Math.abs(report.latency.maxMs - 99) < 0.1);
    assert.ok(Math.abs(report.latency.p50Ms - 50) < 1);
    assert.deepEqual(report.answeredBy, { a: 50, b: 49 });
    assert.deepEqual(
      [report.scheduled, report.ok, report.failures.length, report.generator.valid],
      [100, 99, 1, true],
    );
  });

  it("gives every reason to doubt a run", () => {
    const tally = new Tally(examplePlan({ maxLagP99Ms: 5 }), 1);
    for (let i = 0; i < 3; i++) tally.started(1_000, 1_300);
    tally.record(outcome("refused", 1));
    tally.record(outcome("refused", 1));
    tally.unsent("EMFILE");
    tally.dialLag(201);
    const { generator, failures } = tally.report(1, 2);
    assert.equal(generator.valid, false);
    assert.equal(failures.length, 1);
    assert.deepEqual(generator.why?.split("; "), [
      "requests were sent late: p99 of the send lag was 300.0 ms, the limit is 5 ms",
      "the generator stood still for 300 ms",
      "the process that dials stood still for 201 ms",
      "1 requests were not sent: EMFILE",
      "1 failures more than the 1 that are kept",
    ]);
  });

  it("doubts a run without a request", () => {
    assert.equal(new Tally(examplePlan()).report(1, 2).generator.why, "no request was due");
  });
});
