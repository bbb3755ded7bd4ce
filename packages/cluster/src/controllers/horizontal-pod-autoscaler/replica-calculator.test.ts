import assert from "node:assert/strict";
import { test } from "node:test";
import * as fc from "fast-check";
import type { Pod } from "@seaworthy/kube";
import { averageTarget, proposeReplicas, utilizationTarget } from "./replica-calculator.ts";

const nowMs = 3_600_000;
const tolerances = { scaleDown: 0.1, scaleUp: 0.1 };

function pod(name: string, ready: boolean): Pod {
  const lastTransitionTime = new Date(0).toISOString();
  const conditions = [{ type: "Ready", status: ready ? "True" : "False", lastTransitionTime }];
  const status = { phase: "Running", startTime: lastTransitionTime, conditions };
  return { apiVersion: "v1", kind: "Pod", metadata: { name }, spec: { containers: [] }, status };
}

/** Levels by pod; undefined where there is no metric. */
function propose(
  percent: number,
  levels: readonly (number | undefined)[],
  unready: readonly number[] = [],
): number {
  const pods = levels.map((_, index) => pod(`p${index}`, !unready.includes(index)));
  const metrics = new Map(
    levels.flatMap((value, index) =>
      value === undefined ? [] : [[`p${index}`, { value, takenAtMs: nowMs, windowMs: 60_000 }] as const],
    ),
  );
  const requests = new Map(pods.map(({ metadata }) => [metadata.name, 1000]));
  const situation = { current: levels.length, pods, metrics, resource: "cpu", tolerances, nowMs };
  return proposeReplicas(situation, () => utilizationTarget(requests, percent)).replicas;
}

test("what Kubernetes' own tests say of CPU", () => {
  assert.equal(propose(30, [300, 500, 700]), 5, "scale up");
  assert.equal(propose(30, [300, 500, 700], [0]), 4, "scale up, unready less scale");
  assert.equal(propose(30, [400, 500, 700], [0, 2]), 3, "scale up, unready no scale");
  assert.equal(propose(50, [100, 300, 500, 250, 250]), 3, "scale down");
  assert.equal(propose(100, [900, 960, 1100]), 3, "within the tolerance");
  assert.equal(propose(50, [1000, 490, undefined]), 3, "missing metrics do not grow");
  assert.equal(propose(1, [1, undefined]), 2, "at the target nothing changes");
});

test("without pods, or without any that count, nothing is proposed", () => {
  assert.throws(() => propose(50, []), /no pods returned by selector while calculating replica count/);
  assert.throws(() => propose(50, [undefined]), /did not receive metrics for targeted pods/);
});

test("an average is a whole number of thousandths", () => {
  const values = new Map([
    ["a", 1],
    ["b", 2],
  ]);
  assert.deepEqual(averageTarget(2).measure(values), { average: 1, ratio: 0.5 });
});

test("pods of which nothing is known never turn the direction", () => {
  const levels = fc.array(fc.option(fc.integer({ min: 0, max: 3000 }), { nil: undefined }), {
    minLength: 1,
    maxLength: 8,
  });
  fc.assert(
    fc.property(levels, fc.integer({ min: 1, max: 200 }), (all, percent) => {
      const known = all.filter((each) => each !== undefined);
      fc.pre(known.length > 0);
      const mean = Math.trunc((known.reduce((sum, each) => sum + each, 0) * 100) / (1000 * known.length));
      const replicas = propose(percent, all);
      if (mean > percent) assert.ok(replicas >= all.length);
      if (mean < percent) assert.ok(replicas <= all.length);
    }),
  );
});
