import assert from "node:assert/strict";
import { test } from "node:test";
import { exampleRun } from "../../testing/example-run.ts";
import { courseOf } from "./course.ts";
import { timelineSection } from "./timeline-section.ts";

const shown = (ok: number) => {
  const run = { ...exampleRun, requests: { ...exampleRun.requests, ok } };
  return timelineSection(run, [], [], courseOf(run, []));
};

test("a picture that lacks answers of a long run says so", () => {
  const kept = exampleRun.load.answers?.count ?? 0;
  assert.ok(kept > 0);
  assert.doesNotMatch(shown(kept), /The picture of requests/);
  const told = /The picture of requests and latency has the first ([\d,]+) of 2,000,000 good answers/;
  assert.equal(told.exec(shown(2_000_000))?.[1], kept.toLocaleString("en"));
});
