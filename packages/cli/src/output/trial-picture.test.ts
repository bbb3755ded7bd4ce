import assert from "node:assert/strict";
import { test } from "node:test";
import type { PodLife } from "@seaworthy/trial";
import { createLiveRegion } from "./live-region.ts";
import { marksFor } from "./marks.ts";
import { drawTrial, newTrialState, updateTrialState } from "./trial-picture.ts";

const marks = marksFor({});
const paint = (_: unknown, text: string) => text;

function pod(index: number): PodLife {
  return {
    uid: `u${index}`,
    namespace: "default",
    name: `shop-7d4c9f6b5-${index}`,
    deployment: "shop",
    revision: "7d4c9f6b5",
    seenAt: index,
    ip: "10.0.0.1",
    node: "node-1",
    ready: [{ at: index, ready: index % 2 === 0 }],
    deletionSeenAt: index === 3 ? 5 : undefined,
    graceSeconds: 30,
    ends: [],
    goneAt: undefined,
  };
}

function stateWith(pods: number) {
  const state = newTrialState();
  updateTrialState(state, { type: "scenario-start", name: "rollout", ratePerSecond: 300 }, 0);
  updateTrialState(state, { type: "round-start", round: 0, rounds: 2 }, 0);
  updateTrialState(
    state,
    {
      type: "progress",
      load: {
        elapsedMs: 1_000,
        scheduled: 300,
        ok: 298,
        failed: 1,
        unsent: 0,
        inFlight: 1,
        newFailures: [],
        recentP50Ms: 3,
        recentP99Ms: 12,
        lagP99Ms: 1,
      },
      timeline: {
        pods: Array.from({ length: pods }, (_, index) => pod(index)),
        endpoints: [],
        deployments: [],
      },
    },
    100,
  );
  return state;
}

test("the picture has at most 14 lines and none wider than the terminal, whatever the number of pods", () => {
  for (const pods of [0, 1, 6, 7, 500]) {
    for (const columns of [80, 100, 200]) {
      const lines = drawTrial(stateWith(pods), { columns, rows: 24, paint, marks, nowMs: 2_000 });
      assert.ok(lines.length <= 14 && lines.length >= 4, `${lines.length} lines for ${pods} pods`);
      for (const line of lines) assert.ok(line.length < columns, line);
    }
  }
});

test("a small terminal gets three lines", () => {
  assert.equal(drawTrial(stateWith(9), { columns: 60, rows: 24, paint, marks, nowMs: 2_000 }).length, 3);
  assert.equal(drawTrial(stateWith(9), { columns: 100, rows: 10, paint, marks, nowMs: 2_000 }).length, 3);
});

test("nothing moves before the scenario", () => {
  assert.deepEqual(drawTrial(newTrialState(), { columns: 80, rows: 24, paint, marks, nowMs: 0 }), []);
});

test("a permanent line is printed once, above the region", () => {
  let written = "";
  const stream = {
    write: (text: string) => (written += text).length > 0,
  } as unknown as NodeJS.WritableStream;
  const region = createLiveRegion(stream);
  region.draw(() => ["moving"]);
  region.print("stays");
  region.clear();
  assert.equal(written, "\u001B[Jmoving\n\u001B[1A\r\u001B[Jstays\nmoving\n\u001B[1A\r\u001B[J");
});
