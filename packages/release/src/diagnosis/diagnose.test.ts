import assert from "node:assert/strict";
import { test } from "node:test";
import type { CoreEvent, Deployment, Pod, ReplicaSet } from "@seaworthy/kube";
import { describePod } from "./describe-pod.ts";
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
  return diagnose({
    workload: deployment,
    replicaSets: [set(1), set(2)],
    pods,
    events: events as CoreEvent[],
  });
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
  assert.deepEqual(found?.logOf, { container: "app", previous: true });
  assert.equal(found?.pod?.metadata.name, "shop-2-a");
  assert.equal(found?.certainAfterMs, 0);
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

test("a command that the runtime cannot start is hopeless at once", () => {
  const terminated = {
    exitCode: 128,
    reason: "StartError",
    message: 'exec: "serve": executable file not found in $PATH',
  };
  const found = look([
    pod({
      containerStatuses: [
        {
          name: "app",
          restartCount: 0,
          state: { waiting: { reason: "CrashLoopBackOff" } },
          lastState: { terminated },
        },
      ],
    }),
  ]);
  assert.match(found?.sentence ?? "", /cannot be started: exec: "serve"/);
  assert.equal(found?.certainAfterMs, 0);
});

test("an app that crashed once is not hopeless yet, after three times it is", () => {
  assert.equal(look([pod(crash(0))])?.certainAfterMs, undefined);
  assert.equal(look([pod(crash(2))])?.certainAfterMs, 0);
});

test("a container that its liveness probe kills is told by the probe, not by exit code 137", () => {
  const event = {
    reason: "Unhealthy",
    count: 9,
    message: "Liveness probe failed: HTTP probe failed with statuscode: 500",
    involvedObject: { kind: "Pod", name: "shop-2-a", fieldPath: "spec.containers{app}" },
  };
  const status = {
    name: "app",
    restartCount: 2,
    state: { running: {} },
    lastState: { terminated: { exitCode: 137, reason: "Error" } },
  };
  const found = look([pod({ containerStatuses: [status] })], [event]);
  assert.match(found?.sentence ?? "", /its liveness probe fails/);
  assert.equal(found?.certainAfterMs, 0);
});

test("pods that may not be made are hopeless after a while, and a quota only when no old pod is going", () => {
  const failed = {
    ...set(2),
    status: {
      conditions: [
        { type: "ReplicaFailure", status: "True", reason: "FailedCreate", message: "exceeded quota: team" },
      ],
    },
  };
  const going = {
    ...pod({}),
    metadata: { name: "old", ownerReferences: [], deletionTimestamp: "2026-01-01T00:00:00Z" },
  };
  const at = (pods: readonly Pod[]) =>
    diagnose({ workload: deployment, replicaSets: [failed as unknown as ReplicaSet], pods, events: [] });
  assert.match(at([])?.sentence ?? "", /exceeded quota: team/);
  assert.ok((at([])?.certainAfterMs ?? 0) > 0);
  assert.equal(at([going])?.certainAfterMs, undefined);
});

test("what describe would show is there: conditions, containers, events", () => {
  const status = {
    phase: "Pending",
    conditions: [
      {
        type: "Ready",
        status: "False",
        reason: "ContainersNotReady",
        message: "containers with unready status: [app]",
      },
      { type: "Initialized", status: "True" },
    ],
    containerStatuses: [
      {
        name: "app",
        restartCount: 3,
        state: { waiting: { reason: "CrashLoopBackOff" } },
        lastState: { terminated: { exitCode: 1, reason: "Error" } },
      },
    ],
  };
  const event = {
    type: "Warning",
    reason: "BackOff",
    message: "Back-off restarting",
    count: 4,
    involvedObject: { kind: "Pod", name: "shop-2-a" },
  };
  assert.deepEqual(describePod(pod(status), [event] as unknown as CoreEvent[]), [
    "pod shop-2-a: Pending on no node",
    "  Ready is False: ContainersNotReady: containers with unready status: [app]",
    "  container app: waiting: CrashLoopBackOff, before with exit code 1: Error, 3 restarts",
    "  event: BackOff: Back-off restarting (4 times)",
  ]);
});

test("a Pod that nobody manages is looked at by its own spec", () => {
  const alone = { ...pod(crash(3)), metadata: { name: "shop-2-a", uid: "x" } };
  const found = diagnose({ workload: alone, replicaSets: [], pods: [alone], events: [] });
  assert.deepEqual(found?.field, ["spec", "containers", 0]);
});
