import assert from "node:assert/strict";
import { test } from "node:test";
import type { CoreEvent, Deployment, Pod, ReplicaSet } from "@seaworthy/kube";
import { diagnose } from "./diagnose.ts";

const deployment = {
  apiVersion: "apps/v1",
  kind: "Deployment",
  metadata: { name: "shop", uid: "d" },
  spec: { replicas: 2 },
} as unknown as Deployment;

function set(revision: number): ReplicaSet {
  const metadata = {
    name: `shop-${revision}`,
    uid: `rs${revision}`,
    annotations: { "deployment.kubernetes.io/revision": String(revision) },
    ownerReferences: [{ uid: "d" }],
  };
  return { apiVersion: "apps/v1", kind: "ReplicaSet", metadata, spec: {} } as unknown as ReplicaSet;
}

function pod(status: object, revision = 2): Pod {
  const metadata = {
    name: `shop-${revision}-a`,
    uid: `p${revision}`,
    ownerReferences: [{ uid: `rs${revision}` }],
  };
  const containers = [
    { name: "app", image: "shop:1", readinessProbe: { httpGet: { path: "/ready", port: 8080 } } },
  ];
  return { apiVersion: "v1", kind: "Pod", metadata, spec: { containers }, status } as unknown as Pod;
}

function look(pods: readonly Pod[], events: readonly Partial<CoreEvent>[] = []) {
  return diagnose({ deployment, replicaSets: [set(1), set(2)], pods, events: events as CoreEvent[] });
}

const crash = (restarts: number) => ({
  containerStatuses: [
    {
      name: "app",
      image: "shop:1",
      restartCount: restarts,
      state: { waiting: { reason: "CrashLoopBackOff" } },
      lastState: { terminated: { exitCode: 1, reason: "Error" } },
    },
  ],
});

test("a crash loop names container and exit code, and asks for its previous log", () => {
  const found = look([pod(crash(3))]);
  assert.match(found?.sentence ?? "", /container app crashed 4 times: exit code 1/);
  assert.deepEqual(found?.logOf, { pod: "shop-2-a", container: "app", previous: true });
  assert.equal(found?.doomed, true);
});

test("pods of the old revision are not looked at", () => {
  assert.equal(look([pod(crash(3), 1)]), undefined);
});

test("the first event tells why an image cannot be pulled, not the later back-off", () => {
  const status = {
    containerStatuses: [
      {
        name: "app",
        image: "shop:9",
        state: { waiting: { reason: "ImagePullBackOff", message: "Back-off pulling image" } },
      },
    ],
  };
  const found = look(
    [pod(status)],
    [
      {
        reason: "Failed",
        message: "Failed to pull image: not found",
        involvedObject: { kind: "Pod", name: "shop-2-a" },
      },
    ],
  );
  assert.equal(found?.why, "Failed to pull image: not found");
});

test("a failing readiness probe is told with its message and what it asks", () => {
  const event = {
    reason: "Unhealthy",
    count: 4,
    message: "Readiness probe failed: HTTP probe failed with statuscode: 503",
    involvedObject: { kind: "Pod", name: "shop-2-a", fieldPath: "spec.containers{app}" },
  };
  const found = look(
    [pod({ phase: "Running", containerStatuses: [{ name: "app", state: { running: {} } }] })],
    [event],
  );
  assert.match(found?.sentence ?? "", /readiness probe fails: HTTP probe failed with statuscode: 503/);
  assert.match(found?.next[0] ?? "", /GET \/ready on port 8080/);
  assert.deepEqual(found?.field, ["spec", "template", "spec", "containers", 0, "readinessProbe"]);
});

test("a pod that fits on no node is told with the scheduler's words", () => {
  const message = "0/3 nodes are available: 3 node(s) didn't match pod anti-affinity rules.";
  const found = look([
    pod({ conditions: [{ type: "PodScheduled", status: "False", reason: "Unschedulable", message }] }),
  ]);
  assert.match(found?.sentence ?? "", /anti-affinity/);
  assert.deepEqual(found?.field, ["spec", "template", "spec", "affinity"]);
});
