import assert from "node:assert/strict";
import { test } from "node:test";
import * as fc from "fast-check";
import { examplePod } from "../testing/example-pod.ts";
import { allScenarios } from "./all-scenarios.ts";
import { chooseScenarios, paceOf } from "./choose-scenarios.ts";
import { scenarioNames } from "./scenario.ts";

const every = scenarioNames.map((name) => allScenarios[name]);

test("the short ones come first, and keep their order", () => {
  const pace = { startMs: 2_000, endMs: 10_000, replicas: 3 };
  const some = [allScenarios["config-change"], allScenarios["node-drain"], allScenarios["pod-kill"]];
  const { chosen, leftOut } = chooseScenarios(some, pace, 40_000);
  assert.deepEqual(
    chosen.map(({ name }) => name),
    ["node-drain", "pod-kill"],
  );
  assert.deepEqual(
    leftOut.map(({ name }) => name),
    ["config-change"],
  );
});

test("whatever the pace, what is chosen fits, and nothing that is left out would have", () => {
  const duration = fc.integer({ min: 0, max: 60_000 });
  fc.assert(
    fc.property(
      duration,
      duration,
      fc.integer({ min: 1, max: 50 }),
      fc.nat(200_000),
      (startMs, endMs, replicas, withinMs) => {
        const { chosen, leftOut } = chooseScenarios(every, { startMs, endMs, replicas }, withinMs);
        const usedMs = chosen.reduce((sum, { ms }) => sum + ms, 0);
        assert.equal(chosen.length + leftOut.length, every.length);
        assert.ok(usedMs <= withinMs);
        assert.ok(leftOut.every(({ ms }) => usedMs + ms > withinMs));
      },
    ),
  );
});

test("the pace is what new pods took to be ready and ended ones to be gone", () => {
  const before = examplePod({
    uid: "a",
    seenAt: 0,
    ready: [{ at: 0, ready: true }],
    deletionSeenAt: 3_000,
    goneAt: 9_000,
  });
  const after = examplePod({ uid: "b", seenAt: 1_000, ready: [{ at: 3_000, ready: true }] });
  const timeline = { pods: [before, after], endpoints: [], deployments: [] };
  assert.deepEqual(paceOf(timeline, 1), { startMs: 2_000, endMs: 6_000, replicas: 1 });
});
