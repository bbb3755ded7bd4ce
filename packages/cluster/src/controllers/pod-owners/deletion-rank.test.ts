import assert from "node:assert/strict";
import { test } from "node:test";
import type { Pod } from "@seaworthy/kube";
import { podDeletionCost, rankForDeletion } from "./deletion-rank.ts";

const nowMs = Date.parse("2026-01-01T12:00:00Z");

function pod(
  name: string,
  fields: { node?: string; phase?: string; readyAt?: string; cost?: number; created?: string },
): Pod {
  const { node, phase = "Running", readyAt, cost, created = "2026-01-01T00:00:00Z" } = fields;
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: {
      name,
      uid: name,
      creationTimestamp: created,
      ...(cost === undefined ? {} : { annotations: { [podDeletionCost]: String(cost) } }),
    },
    spec: { containers: [], ...(node === undefined ? {} : { nodeName: node }) },
    status: {
      phase,
      ...(readyAt === undefined
        ? {}
        : { conditions: [{ type: "Ready", status: "True", lastTransitionTime: readyAt }] }),
    },
  };
}

const old = "2026-01-01T01:00:00Z";

test("pods are given up in the order of Kubernetes, the least valuable first", () => {
  const expected = [
    pod("unassigned", { phase: "Pending" }),
    pod("pending", { node: "b", phase: "Pending" }),
    pod("not-ready", { node: "b" }),
    pod("cheap", { node: "b", readyAt: old, cost: -5 }),
    pod("crowded", { node: "a", readyAt: old }),
    pod("fresh", { node: "b", readyAt: "2026-01-01T11:59:58Z" }),
    pod("newer", { node: "b", readyAt: old, created: "2026-01-01T11:00:00Z" }),
    pod("plain", { node: "b", readyAt: old }),
    pod("dear", { node: "a", readyAt: "2026-01-01T11:59:59Z", cost: 100 }),
  ];
  const perNode = new Map([
    ["a", 9],
    ["b", 2],
  ]);
  for (const order of [expected, expected.toReversed()]) {
    const names = rankForDeletion(order, perNode, nowMs).map(({ metadata }) => metadata.name);
    assert.deepEqual(
      names,
      expected.map(({ metadata }) => metadata.name),
    );
  }
});
