import assert from "node:assert/strict";
import { test } from "node:test";
import { createPlan, targetOf } from "../plan/create-plan.ts";
import { exampleFailure, exampleReport, exampleSplit, usualLatencies } from "../testing/example-report.ts";
import { formatSummary } from "./summary-text.ts";

const plan = createPlan({
  targets: [targetOf("http://127.0.0.1:8080/")],
  pace: { kind: "closed", concurrency: 1, durationMs: 1000 },
  recordHeaders: ["x-pod-name"],
});

test("no failure comes first, with what that bounds", () => {
  const text = formatSummary(exampleReport({ latenciesMs: usualLatencies(30_000) }), plan);
  assert.match(
    text,
    /^0 of 30,000 requests failed\n {2}that bounds it: fewer than 0\.01 % of such requests fail \(95 %\)\n/,
  );
  assert.match(text, /\nrate {7}100\/s intended, 100\/s achieved\n/);
  assert.match(text, /\nfrom intended time .+\nfrom the send /);
});

test("failures are counted by class and by connection, with what the system said", () => {
  const refused = { class: "refused", reusedConnection: false, detail: "ECONNREFUSED" } as const;
  const failures = [
    exampleFailure(),
    exampleFailure(refused),
    exampleFailure(refused),
    exampleFailure({ class: "bad-status", status: 503, detail: "status 503" }),
  ];
  const lines = formatSummary(exampleReport({ failures }), plan).split("\n");
  assert.equal(lines[0], "4 of 304 requests failed");
  assert.ok(!lines.some((line) => line.includes("bounds")));
  assert.match(lines[3] ?? "", /^refused +2 +0 +2 +ECONNREFUSED$/);
  assert.match(lines[4] ?? "", /^reset-before-answer +1 +1 +0 +ECONNRESET$/);
  assert.match(lines[5] ?? "", /^bad-status +1 +1 +0 +status 503$/);
});

test("an invalid run says so before anything else", () => {
  const report = exampleReport();
  const why = "12 requests were not sent";
  const text = formatSummary({ ...report, generator: { ...report.generator, valid: false, why } }, plan);
  assert.match(text, /^INVALID: 12 requests were not sent\n {2}it proves nothing/);
  assert.ok(!text.includes("bounds"));
});

test("a closed loop is called one, and has no latency from an intended time", () => {
  const text = formatSummary(
    exampleReport({ loop: "closed", rate: { intended: undefined, achieved: 4000 } }),
    plan,
  );
  assert.match(text, /closed loop: latency hides what a stall delays/);
  assert.ok(!text.includes("from intended time"));
  assert.match(text, /\nrate {7}4,000\/s achieved\n/);
});

test("targets and answering pods are told apart when there are several", () => {
  const report = exampleReport({
    byTarget: { a: exampleSplit(), b: exampleSplit({ failed: 3 }) },
    answeredBy: { "pod-1": exampleSplit(), "pod-2": exampleSplit() },
    warnings: ["ports are used again"],
  });
  const text = formatSummary(report, plan);
  assert.match(text, /\nb +100 +3 /);
  assert.match(text, /\nanswered by \(x-pod-name\) .*\npod-1 /);
  assert.match(text, /\n! ports are used again\n$/);
  assert.ok(!formatSummary(exampleReport(), plan).includes("\ntarget"));
});

test("a run without an answer has a summary, too", () => {
  const text = formatSummary(
    exampleReport({ latenciesMs: [], failures: [exampleFailure()], statuses: {} }),
    plan,
  );
  assert.match(text, /^1 of 1 requests failed\n/);
  assert.match(text, /statuses {3}no answer/);
});

test("every line fits a terminal of 100 columns", () => {
  const failures = Array.from({ length: 40 }, () => exampleFailure());
  const text = formatSummary(exampleReport({ latenciesMs: usualLatencies(1e5), failures }), plan);
  for (const line of text.split("\n")) assert.ok(line.length <= 100, line);
});
