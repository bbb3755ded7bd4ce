import assert from "node:assert/strict";
import { test } from "node:test";
import { crowdedSpan, othersShareIn } from "./crowded-spans.ts";

const start = { at: 1_000, busyMs: 50_000, idleMs: 90_000, ownMs: 10_000 };
const after = (busyMs: number, idleMs: number, ownMs: number) => ({
  at: 3_000,
  busyMs: start.busyMs + busyMs,
  idleMs: start.idleMs + idleMs,
  ownMs: start.ownMs + ownMs,
});

test("a machine is crowded when it has nothing to spare and others have a good part of it", () => {
  const span = crowdedSpan(start, after(3_900, 100, 1_500));
  assert.deepEqual(span, { from: 1_000, until: 3_000, othersShare: 0.6 });
});

test("a trial that fills the machine alone, others beside which there is room, and no time are no crowd", () => {
  assert.equal(crowdedSpan(start, after(4_000, 0, 3_500)), undefined);
  assert.equal(crowdedSpan(start, after(3_000, 1_000, 500)), undefined);
  assert.equal(crowdedSpan(start, after(0, 0, 0)), undefined);
});

test("what was on its way in several spans met the greatest share", () => {
  const spans = [
    { from: 1_000, until: 3_000, othersShare: 0.6 },
    { from: 3_000, until: 5_000, othersShare: 0.4 },
  ];
  assert.equal(othersShareIn(spans, { sentAt: 2_900, doneAt: 3_100 }), 0.6);
  assert.equal(othersShareIn(spans, { sentAt: 3_100, doneAt: 9_000 }), 0.4);
  assert.equal(othersShareIn(spans, { sentAt: 5_100, doneAt: 9_000 }), undefined);
});
