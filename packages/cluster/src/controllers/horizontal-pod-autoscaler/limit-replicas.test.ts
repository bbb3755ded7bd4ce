import assert from "node:assert/strict";
import { test } from "node:test";
import * as fc from "fast-check";
import type { ScalingRules } from "./horizontal-pod-autoscaler.ts";
import { limitReplicas, type ScalingMemory } from "./limit-replicas.ts";

const nowMs = 10_000_000;
const nothing: ScalingMemory = { recommendations: [], changes: [] };
const scaleTargetRef = { kind: "Deployment", name: "web" };

function rules(more: Partial<ScalingRules> = {}): ScalingRules {
  const policies = [{ type: "Pods", value: 2, periodSeconds: 60 } as const];
  return { stabilizationWindowSeconds: 0, selectPolicy: "Max", policies, ...more };
}

function limit(
  [current, proposed]: readonly [number, number],
  behavior?: { scaleUp?: ScalingRules; scaleDown?: ScalingRules },
  memory = nothing,
) {
  const spec = {
    scaleTargetRef,
    minReplicas: 1,
    maxReplicas: 20,
    ...(behavior === undefined ? {} : { behavior: { scaleUp: rules(), scaleDown: rules(), ...behavior } }),
  };
  const { replicas, limited, stabilized } = limitReplicas(spec, memory, { current, proposed, nowMs });
  return [replicas, limited.reason, stabilized.reason];
}

test("without behavior: twice as many or four, five minutes back, and the bounds", () => {
  assert.deepEqual(limit([1, 9]), [4, "ScaleUpLimit", "ReadyForNewScale"]);
  assert.deepEqual(limit([15, 40]), [20, "TooManyReplicas", "ReadyForNewScale"]);
  assert.deepEqual(limit([3, 0]), [1, "TooFewReplicas", "ReadyForNewScale"]);
  const memory = { ...nothing, recommendations: [{ replicas: 5, atMs: nowMs - 299_000 }] };
  assert.deepEqual(limit([5, 2], undefined, memory), [5, "DesiredWithinRange", "ScaleDownStabilized"]);
});

test("policies count what was changed in their period", () => {
  assert.deepEqual(limit([5, 9], {}), [7, "ScaleUpLimit", "ReadyForNewScale"]);
  const memory = { ...nothing, changes: [{ replicas: 2, atMs: nowMs - 59_000 }] };
  assert.equal(limit([7, 9], {}, memory)[0], 7);
  assert.equal(limit([9, 1], {})[0], 7);
  const percent = [{ type: "Percent", value: 10, periodSeconds: 60 } as const, ...rules().policies];
  assert.equal(limit([5, 9], { scaleUp: rules({ policies: percent, selectPolicy: "Min" }) })[0], 6);
  assert.equal(limit([5, 1], { scaleDown: rules({ policies: percent, selectPolicy: "Min" }) })[0], 4);
  assert.equal(limit([5, 9], { scaleUp: rules({ selectPolicy: "Disabled" }) })[0], 5);
});

test("replicas stay within the bounds when they were there before", () => {
  const count = fc.integer({ min: 1, max: 20 });
  fc.assert(
    fc.property(count, fc.integer({ min: 0, max: 100 }), fc.boolean(), (current, proposed, withRules) => {
      const replicas = Number(limit([current, proposed], withRules ? {} : undefined)[0]);
      assert.ok(replicas >= 1 && replicas <= 20);
      assert.ok(proposed >= current ? replicas >= current : replicas <= current);
    }),
  );
});
