import assert from "node:assert/strict";
import { test } from "node:test";
import type { Lease, Node } from "@seaworthy/kube";
import { observeHealth, silentConditions } from "./node-health.ts";
import { isBeingLeft, withNoExecuteTaint, withNoScheduleTaints } from "./node-taints.ts";
import { createZoneLimits, zoneStateOf } from "./zone-limits.ts";

const created = "2026-01-01T00:00:00Z";
const createdMs = Date.parse(created);

function node(
  name: string,
  ready?: string,
  more: { zone?: string; heartbeat?: string; spec?: Node["spec"] } = {},
): Node {
  const conditions =
    ready === undefined
      ? []
      : [
          {
            type: "Ready",
            status: ready,
            lastHeartbeatTime: more.heartbeat ?? created,
            lastTransitionTime: created,
          },
        ];
  return {
    apiVersion: "v1",
    kind: "Node",
    metadata: {
      name,
      creationTimestamp: created,
      labels: { "topology.kubernetes.io/zone": more.zone ?? "a" },
    },
    ...(more.spec === undefined ? {} : { spec: more.spec }),
    status: { conditions },
  };
}

function lease(renewTime: string): Lease {
  return {
    apiVersion: "coordination.k8s.io/v1",
    kind: "Lease",
    metadata: { name: "n" },
    spec: { renewTime },
  };
}

test("a node is heard of by its lease and by its status, and not by its clock", () => {
  const renewed = lease("2026-01-01T00:00:10.000000Z");
  let health = observeHealth(undefined, node("n", "True"), undefined, createdMs + 5);
  assert.equal(health.heardAtMs, createdMs + 5);
  health = observeHealth(health, node("n", "True"), renewed, createdMs + 10);
  assert.equal(health.heardAtMs, createdMs + 10);
  health = observeHealth(health, node("n", "True"), renewed, createdMs + 20);
  assert.equal(health.heardAtMs, createdMs + 10);
  health = observeHealth(health, node("n", "True"), lease("2020-01-01T00:00:00.000000Z"), createdMs + 30);
  assert.equal(health.heardAtMs, createdMs + 10);
  health = observeHealth(
    health,
    node("n", "True", { heartbeat: "2026-01-01T00:05:00Z" }),
    renewed,
    createdMs + 40,
  );
  assert.equal(health.heardAtMs, createdMs + 40);
});

test("a node that has never told its status counts from when it was made", () => {
  const health = observeHealth(undefined, node("n"), undefined, createdMs + 55_000);
  assert.deepEqual([health.heardAtMs, health.hasStatus], [createdMs, false]);
  const told = observeHealth(health, node("n", "True"), undefined, createdMs + 56_000);
  assert.deepEqual([told.heardAtMs, told.hasStatus], [createdMs + 56_000, true]);
});

test("the conditions of a silent node are unknown, and keep the time since when", () => {
  const once = silentConditions(node("n", "True"), createdMs + 60_000);
  assert.deepEqual(
    once.map(({ type, status, reason }) => [type, status, reason]),
    [
      ["Ready", "Unknown", "NodeStatusUnknown"],
      ["MemoryPressure", "Unknown", "NodeStatusNeverUpdated"],
      ["DiskPressure", "Unknown", "NodeStatusNeverUpdated"],
      ["PIDPressure", "Unknown", "NodeStatusNeverUpdated"],
    ],
  );
  const silent = { ...node("n"), status: { conditions: [...once] } };
  assert.deepEqual(silentConditions(silent, createdMs + 90_000), once);
});

test("conditions and a cordon become taints; those of others stay", () => {
  const others = [{ key: "gpu", effect: "NoSchedule" }];
  const cordoned = node("n", "Unknown", { spec: { unschedulable: true, taints: others } });
  const timeAdded = "2026-01-01T00:01:00Z";
  const taints = [
    ...others,
    { key: "node.kubernetes.io/unreachable", effect: "NoSchedule", timeAdded },
    { key: "node.kubernetes.io/unschedulable", effect: "NoSchedule", timeAdded },
  ];
  assert.deepEqual(withNoScheduleTaints(cordoned, createdMs + 60_000), taints);
  assert.equal(
    withNoScheduleTaints({ ...cordoned, spec: { unschedulable: true, taints } }, createdMs),
    undefined,
  );
  assert.deepEqual(withNoScheduleTaints(node("n", "True", { spec: { taints } }), createdMs), others);
});

test("a lost node has one taint that drives pods off, and a ready one has none", () => {
  const silent = node("n", "Unknown");
  const unreachable = withNoExecuteTaint(silent, true, createdMs)!;
  assert.deepEqual(
    unreachable.map(({ key, effect }) => [key, effect]),
    [["node.kubernetes.io/unreachable", "NoExecute"]],
  );
  assert.equal(isBeingLeft({ ...silent, spec: { taints: unreachable } }), true);
  assert.deepEqual(
    withNoExecuteTaint(node("n", "False", { spec: { taints: unreachable } }), true, createdMs)?.map(
      ({ key }) => key,
    ),
    ["node.kubernetes.io/not-ready"],
  );
  assert.deepEqual(
    withNoExecuteTaint(node("n", "True", { spec: { taints: unreachable } }), true, createdMs),
    [],
  );
  assert.equal(withNoExecuteTaint(silent, false, createdMs), undefined);
});

test("in each zone one node in 10 s is left, none of a zone that is mostly lost, and none when all are", () => {
  let nowMs = 0;
  const limits = createZoneLimits(() => nowMs);
  const lost = ["a1", "a2"].map((name) => node(name, "Unknown"));
  const all = [...lost, node("a3", "True"), node("b1", "True", { zone: "b" })];
  assert.equal(limits.update(all), undefined);
  assert.deepEqual(
    lost.map((each) => limits.take(each)),
    [true, false],
  );
  nowMs += 10_000;
  assert.equal(limits.take(lost[1]!), true);

  const zone = Array.from({ length: 5 }, (_, index) =>
    node(`c${index}`, index < 3 ? "Unknown" : "True", { zone: "c" }),
  );
  assert.equal(zoneStateOf(zone), "partial");
  assert.equal(limits.update([...all, ...zone]), undefined);
  assert.equal(limits.take(zone[0]!), false);

  assert.equal(limits.update(lost), "all-lost");
  nowMs += 100_000;
  assert.equal(limits.take(lost[0]!), false);
  assert.equal(limits.update(all), "some-back");
  assert.equal(limits.take(lost[0]!), true);
});
