import assert from "node:assert/strict";
import { test } from "node:test";
import type { DaemonSet, StatefulSet } from "@seaworthy/kube";
import { daemonSetState, statefulSetState } from "./rollout-state.ts";

const metadata = { name: "a", generation: 2 };
const template = { spec: { containers: [] } };

test("a StatefulSet is rolled out when all are ready and those above the partition are new", () => {
  const set = (updatedReplicas: number, partition: number, seen = 2): StatefulSet => ({
    apiVersion: "apps/v1",
    kind: "StatefulSet",
    metadata,
    spec: {
      replicas: 3,
      selector: {},
      template,
      updateStrategy: { type: "RollingUpdate", rollingUpdate: { partition } },
    },
    status: { replicas: 3, readyReplicas: 3, updatedReplicas, observedGeneration: seen },
  });
  const isDone = (...args: Parameters<typeof set>) => statefulSetState(set(...args)).done;
  assert.deepEqual([isDone(3, 0), isDone(2, 0), isDone(1, 2), isDone(3, 0, 1)], [true, false, true, false]);
});

test("a DaemonSet is rolled out when every node has a new pod that is available", () => {
  const set = (updated: number, available: number, type = "RollingUpdate"): DaemonSet => ({
    apiVersion: "apps/v1",
    kind: "DaemonSet",
    metadata,
    spec: { selector: {}, template, updateStrategy: { type } },
    status: {
      observedGeneration: 2,
      currentNumberScheduled: 2,
      desiredNumberScheduled: 2,
      numberMisscheduled: 0,
      numberReady: available,
      updatedNumberScheduled: updated,
      numberAvailable: available,
    },
  });
  const isDone = (...args: Parameters<typeof set>) => daemonSetState(set(...args)).done;
  assert.deepEqual(
    [isDone(2, 2), isDone(1, 2), isDone(2, 1), isDone(0, 2, "OnDelete")],
    [true, false, false, true],
  );
});
