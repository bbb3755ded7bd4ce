import assert from "node:assert/strict";
import { test } from "node:test";
import type { ReplicaSet } from "@seaworthy/kube";
import * as fc from "fast-check";
import { exampleDeployment } from "./testing/example-deployment.ts";
import { newReplicaSetSize, planOldReplicaSets, resolveFenceposts } from "./rolling-update.ts";

function replicaSet(name: string, replicas: number, availableReplicas: number): ReplicaSet {
  return {
    apiVersion: "apps/v1",
    kind: "ReplicaSet",
    metadata: { name, creationTimestamp: `2026-01-01T00:00:0${name}Z` },
    spec: { replicas, selector: {} },
    status: { replicas, availableReplicas },
  };
}

// replicas, maxSurge, maxUnavailable → surge, unavailable
const fenceposts: readonly (readonly [number, number | string, number | string, number, number])[] = [
  [4, "25%", "25%", 1, 1],
  [1, "25%", "25%", 1, 0],
  [10, "25%", "25%", 3, 2],
  [3, 0, 0, 0, 1],
  [3, "0%", "0%", 0, 1],
  [2, 0, "30%", 0, 1],
  [5, "100%", "0%", 5, 0],
  [2, 1, 5, 1, 2],
  [0, 1, 1, 0, 0],
];

test("maxSurge rounds up, maxUnavailable rounds down, and both 0 lets one pod be unavailable", () => {
  for (const [replicas, maxSurge, maxUnavailable, surge, unavailable] of fenceposts) {
    assert.deepEqual(resolveFenceposts(exampleDeployment(replicas, maxSurge, maxUnavailable)), {
      surge,
      unavailable,
    });
  }
});

test("Recreate has neither surge nor unavailability", () => {
  const recreate = exampleDeployment(4, "25%", "25%");
  recreate.spec.strategy = { type: "Recreate" };
  assert.deepEqual(resolveFenceposts(recreate), { surge: 0, unavailable: 0 });
});

// As in Kubernetes' rolling_test.go, TestDeploymentController_reconcileNewReplicaSet.
test("the new ReplicaSet grows into the room that the surge leaves, and shrinks to what is wanted", () => {
  const cases = [
    { replicas: 10, surge: 0, old: 10, present: 0, size: 0 },
    { replicas: 10, surge: 2, old: 10, present: 0, size: 2 },
    { replicas: 10, surge: 2, old: 5, present: 0, size: 7 },
    { replicas: 10, surge: 2, old: 10, present: 2, size: 2 },
    { replicas: 10, surge: 2, old: 2, present: 11, size: 10 },
  ];
  for (const { replicas, surge, old, present, size } of cases) {
    const all = [replicaSet("1", old, 0), replicaSet("2", present, 0)];
    assert.equal(newReplicaSetSize(exampleDeployment(replicas, surge, 1), all, present), size);
  }
});

// As in Kubernetes' rolling_test.go, TestDeploymentController_reconcileOldReplicaSets.
test("old ReplicaSets shrink only as far as enough pods stay available", () => {
  const cases = [
    { old: 10, oldAvailable: 10, present: 0, available: 0, left: 9, unavailable: 1 },
    { old: 10, oldAvailable: 10, present: 2, available: 2, left: 8, unavailable: 0 },
    // Unhealthy ones go first: 8 of 10 are available, so the other 2 cost nothing.
    { old: 10, oldAvailable: 8, present: 0, available: 0, left: 8, unavailable: 2 },
    // New pods that are not available yet protect the old ones.
    { old: 8, oldAvailable: 8, present: 4, available: 0, left: 8, unavailable: 2 },
    { old: 10, oldAvailable: 10, present: 0, available: 0, left: 10, unavailable: 0 },
  ];
  for (const { old, oldAvailable, present, available, left, unavailable } of cases) {
    const steps = planOldReplicaSets(
      exampleDeployment(10, 2, unavailable),
      [replicaSet("1", old, oldAvailable)],
      replicaSet("2", present, available),
    );
    assert.equal(steps.at(-1)?.to ?? old, left);
  }
});

test("the oldest ReplicaSet shrinks first", () => {
  const old = [replicaSet("2", 3, 3), replicaSet("1", 2, 2)];
  const steps = planOldReplicaSets(exampleDeployment(5, 5, 2), old, replicaSet("3", 1, 1));
  assert.deepEqual(steps, [
    { name: "1", from: 2, to: 0 },
    { name: "2", from: 3, to: 2 },
  ]);
});

test("in any state a plan keeps enough available pods and never exceeds the surge", () => {
  const healthy = fc
    .tuple(fc.nat(12), fc.nat(12))
    .map(([replicas, unhealthy]) => ({ replicas, available: Math.max(0, replicas - unhealthy) }));
  const strategy = fc.oneof(
    fc.nat(6),
    fc.nat(100).map((percent) => `${percent}%`),
  );
  fc.assert(
    fc.property(
      fc.nat(12),
      strategy,
      strategy,
      fc.array(healthy, { maxLength: 3 }),
      healthy,
      (replicas, maxSurge, maxUnavailable, olds, current) => {
        const wanted = exampleDeployment(replicas, maxSurge, maxUnavailable);
        const { surge, unavailable } = resolveFenceposts(wanted);
        const old = olds.map((one, index) => replicaSet(String(index), one.replicas, one.available));
        const newest = replicaSet("9", current.replicas, current.available);
        const total = [...old, newest].reduce((sum, one) => sum + (one.spec.replicas ?? 0), 0);

        const size = newReplicaSetSize(wanted, [...old, newest], current.replicas);
        if (size > current.replicas) assert.ok(total - current.replicas + size <= replicas + surge);
        assert.ok(size <= Math.max(replicas, 0));

        const steps = planOldReplicaSets(wanted, old, newest);
        const left = new Map(old.map((one) => [one.metadata.name, one]));
        let available = [...old, newest].reduce((sum, one) => sum + (one.status?.availableReplicas ?? 0), 0);
        for (const { name, from, to } of steps) {
          assert.ok(to >= 0 && to < from);
          const before = left.get(name)!;
          // A ReplicaSet gives up what is not available first.
          const lost = Math.max(0, (before.status?.availableReplicas ?? 0) - to);
          available -= lost;
          left.set(name, replicaSet(name, to, (before.status?.availableReplicas ?? 0) - lost));
        }
        if (steps.length > 0 && available < replicas - unavailable) {
          const before = [...old, newest].reduce((sum, one) => sum + (one.status?.availableReplicas ?? 0), 0);
          assert.equal(available, before);
        }
      },
    ),
    { numRuns: 500 },
  );
});
