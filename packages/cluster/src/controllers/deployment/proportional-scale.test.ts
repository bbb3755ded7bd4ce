import assert from "node:assert/strict";
import { test } from "node:test";
import type { ReplicaSet } from "@seaworthy/kube";
import * as fc from "fast-check";
import { exampleDeployment } from "./testing/example-deployment.ts";
import { isScaling, planScale } from "./proportional-scale.ts";

const deployment = (replicas: number, maxSurge: number | string = 3, maxUnavailable: number | string = 2) =>
  exampleDeployment(replicas, maxSurge, maxUnavailable);

function replicaSet(
  name: string,
  replicas: number,
  desired: number,
  max: number,
  available = replicas,
): ReplicaSet {
  return {
    apiVersion: "apps/v1",
    kind: "ReplicaSet",
    metadata: {
      name,
      creationTimestamp: `2026-01-01T00:00:0${name}Z`,
      annotations: {
        "deployment.kubernetes.io/desired-replicas": String(desired),
        "deployment.kubernetes.io/max-replicas": String(max),
      },
    },
    spec: { replicas, selector: {} },
    status: { replicas, availableReplicas: available },
  };
}

function sizes(...[wanted, current, old]: Parameters<typeof planScale>): Record<string, number> {
  return Object.fromEntries(planScale(wanted, current, old).map(({ name, to }) => [name, to]));
}

// https://kubernetes.io/docs/concepts/workloads/controllers/deployment/#proportional-scaling
test("10 replicas stuck at 8 + 5 become 11 + 7 when scaled to 15", () => {
  const stuck = replicaSet("2", 5, 10, 13, 0);
  assert.deepEqual(sizes(deployment(15), stuck, [replicaSet("1", 8, 10, 13)]), { "1": 11, "2": 7 });
});

test("a ReplicaSet alone takes the whole new size, also when nothing runs", () => {
  assert.deepEqual(sizes(deployment(5), replicaSet("2", 3, 3, 6), [replicaSet("1", 0, 3, 6)]), { "2": 5 });
  assert.deepEqual(sizes(deployment(5), replicaSet("2", 0, 0, 0), [replicaSet("1", 0, 0, 0)]), { "2": 5 });
  assert.deepEqual(sizes(deployment(5), undefined, [replicaSet("1", 0, 0, 0), replicaSet("2", 0, 0, 0)]), {
    "2": 5,
  });
});

test("when the new ReplicaSet has everything the old ones go to 0", () => {
  assert.deepEqual(sizes(deployment(5), replicaSet("2", 5, 5, 8), [replicaSet("1", 2, 5, 8)]), { "1": 0 });
});

test("scaling to 0 empties every ReplicaSet", () => {
  const current = replicaSet("2", 5, 10, 13, 0);
  assert.deepEqual(sizes(deployment(0), current, [replicaSet("1", 8, 10, 13)]), { "1": 0, "2": 0 });
});

test("a Deployment was scaled when an active ReplicaSet remembers another size", () => {
  assert.equal(isScaling(deployment(5), [replicaSet("1", 3, 3, 6)]), true);
  assert.equal(isScaling(deployment(5), [replicaSet("1", 5, 5, 8)]), false);
  assert.equal(isScaling(deployment(5), [replicaSet("1", 0, 3, 6)]), false);
});

test("a rollout in progress is scaled to exactly the size with surge, and nobody below 0", () => {
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: 1, max: 20 }), { minLength: 2, maxLength: 4 }),
      fc.integer({ min: 0, max: 40 }),
      fc.nat(5),
      (replicas, wanted, surge) => {
        const total = replicas.reduce((sum, count) => sum + count, 0);
        const all = replicas.map((count, index) => replicaSet(String(index), count, total - 1, total, 0));
        const steps = planScale(deployment(wanted, surge, 1), all[0], all.slice(1));
        const allowed = wanted === 0 ? 0 : wanted + surge;
        assert.equal(
          steps.reduce((sum, step) => sum + step.to, 0),
          allowed,
        );
        assert.ok(steps.every(({ to }) => to >= 0));
      },
    ),
    { numRuns: 300 },
  );
});
