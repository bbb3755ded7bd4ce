import assert from "node:assert/strict";
import { test } from "node:test";
import type { Pod, PodDisruptionBudget } from "@seaworthy/kube";
import { disruptionStatus, failedStatus } from "./disruption-status.ts";

const nowMs = Date.parse("2026-01-01T00:10:00Z");

function budget(status: PodDisruptionBudget["status"] = {}): PodDisruptionBudget {
  return {
    apiVersion: "policy/v1",
    kind: "PodDisruptionBudget",
    metadata: { name: "b", namespace: "default", generation: 3 },
    spec: {},
    status,
  };
}

function pod(name: string, ready: boolean, metadata: Partial<Pod["metadata"]> = {}): Pod {
  const conditions = [{ type: "Ready", status: ready ? "True" : "False" }];
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name, ...metadata },
    spec: { containers: [] },
    status: { phase: "Running", conditions },
  };
}

test("ready pods above what is asked for may be disrupted; those that go, or were granted to go, do not count", () => {
  const pods = [
    pod("a", true),
    pod("b", true),
    pod("c", false),
    pod("d", true, { deletionTimestamp: "2026-01-01T00:10:00Z" }),
    pod("e", true),
  ];
  const disruptedPods = {
    e: "2026-01-01T00:09:00Z",
    d: "2026-01-01T00:09:00Z",
    gone: "2026-01-01T00:09:00Z",
  };
  const { status, notDeleted, afterMs } = disruptionStatus(
    budget({ disruptedPods }),
    pods,
    { expected: 5, desiredHealthy: 1 },
    nowMs,
  );
  assert.deepEqual(status, {
    currentHealthy: 2,
    desiredHealthy: 1,
    disruptionsAllowed: 1,
    expectedPods: 5,
    observedGeneration: 3,
    disruptedPods: { e: "2026-01-01T00:09:00Z" },
    conditions: [
      {
        type: "DisruptionAllowed",
        status: "True",
        reason: "SufficientPods",
        message: "",
        observedGeneration: 3,
        lastTransitionTime: "2026-01-01T00:10:00Z",
      },
    ],
  });
  assert.deepEqual([notDeleted, afterMs], [[], 60_000]);
});

test("a pod that nobody deletes within two minutes counts again", () => {
  const disruptedPods = { a: "2026-01-01T00:07:59Z" };
  const { status, notDeleted, afterMs } = disruptionStatus(
    budget({ disruptedPods }),
    [pod("a", true)],
    { expected: 1, desiredHealthy: 0 },
    nowMs,
  );
  assert.deepEqual([status.currentHealthy, status.disruptedPods, afterMs], [1, undefined, undefined]);
  assert.deepEqual(
    notDeleted.map(({ metadata }) => metadata.name),
    ["a"],
  );
});

test("without any expected pod nothing is allowed, nor when counting failed", () => {
  const { status } = disruptionStatus(budget(), [], { expected: 0, desiredHealthy: 0 }, nowMs);
  assert.deepEqual([status.disruptionsAllowed, status.conditions?.[0]?.reason], [0, "InsufficientPods"]);
  const failed = failedStatus(
    budget({ ...status, disruptionsAllowed: 2 }),
    new Error("no such thing"),
    nowMs,
  );
  assert.deepEqual(
    [failed.disruptionsAllowed, failed.conditions?.[0]?.reason, failed.conditions?.[0]?.message],
    [0, "SyncFailed", "no such thing"],
  );
});
