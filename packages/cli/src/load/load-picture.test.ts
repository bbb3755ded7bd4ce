import assert from "node:assert/strict";
import { stripVTControlCharacters } from "node:util";
import { test } from "node:test";
import { createPlan, targetOf, type LoadProgress, type Outcome } from "@seaworthy/load";
import { drawLoad, loadLine, newLoadState, updateLoadState } from "./load-picture.ts";
import { marksFor } from "../output/marks.ts";

const plan = createPlan({
  targets: [targetOf("http://127.0.0.1:8080/")],
  pace: {
    kind: "open",
    arrivals: "constant",
    stages: [{ fromRate: 1000, toRate: 1000, durationMs: 60_000 }],
  },
});

function progress(changes: Partial<LoadProgress> = {}): LoadProgress {
  return {
    elapsedMs: 12_000,
    scheduled: 12_000,
    ok: 11_990,
    failed: 7,
    unsent: 0,
    inFlight: 3,
    newFailures: [],
    recentP50Ms: 0.91,
    recentP99Ms: 4.52,
    lagP99Ms: 0.6,
    ...changes,
  };
}

const failure = (name: Outcome["class"]) => ({ class: name }) as Outcome;
const options = { columns: 100, paint: (_: unknown, text: string) => text, marks: marksFor({}) };

test("the picture tells how far the run is, what failed how, and how it is now", () => {
  const state = newLoadState(plan);
  updateLoadState(state, progress({ elapsedMs: 11_000, scheduled: 11_000 }));
  updateLoadState(
    state,
    progress({ newFailures: [failure("refused"), failure("refused"), failure("bad-status")] }),
  );
  assert.deepEqual(drawLoad(state, options), [
    "◌ 127.0.0.1:8080   12 s of 1 min   █████░░░░░░░░░░░░░░░░░░░",
    "  rate       1,000/s   3 in flight",
    "  ok         11,990",
    "  failed     7   refused 2, bad-status 1",
    "  p50        0.910 ms  ██",
    "  p99        4.52 ms   ██",
    "  send lag   0.600 ms (p99)",
  ]);
});

test("no line is wider than the terminal, before the first progress and after it", () => {
  const state = newLoadState(plan);
  const classes = ["refused", "closed-before-answer", "reset-before-answer", "response-timeout"] as const;
  for (const columns of [50, 80]) {
    for (let times = 0; times < 60; times += 1) {
      for (const line of drawLoad(state, { ...options, columns }))
        assert.ok(stripVTControlCharacters(line).length < columns, line);
      updateLoadState(state, progress({ unsent: 5, newFailures: classes.map((name) => failure(name)) }));
    }
  }
});

test("a line for where nothing can be drawn over", () => {
  const state = newLoadState(createPlan({ ...plan, maxRequests: 50_000 }));
  assert.equal(loadLine(state), "… begins");
  updateLoadState(state, progress());
  assert.equal(
    loadLine(state),
    "… 12 s, 12,000 of 50,000 requests: 11,990 ok, 7 failed, 3 in flight, p99 4.52 ms",
  );
});
