import assert from "node:assert/strict";
import { test } from "node:test";
import { resourceTypes, type Node, type Pod } from "@seaworthy/kube";
import { simulatedDeployment, startSimulatedCluster } from "../../testing/simulated-cluster.ts";
import { chooseGarbage } from "./choose-garbage.ts";

const { deployments, nodes } = resourceTypes;

test("pods of a node that is gone are ended and replaced", async () => {
  await using cluster = await startSimulatedCluster({ seed: 1, speed: 200 });
  await cluster.client.create(deployments, simulatedDeployment("web", "web:1", { replicas: 3 }));
  const ready = () => cluster.pods.list("default").filter(({ status }) => status?.phase === "Running");
  await cluster.until("all run", () => ready().length === 3);
  let told: unknown;
  cluster.pods.onChange(({ object }) => {
    told ??= object.status?.conditions?.find(({ type }) => type === "DisruptionTarget")?.reason;
  });
  const node = ready()[0]?.spec.nodeName ?? "";
  await cluster.client.delete(nodes, undefined, node);
  await cluster.until("they are elsewhere", () => {
    const pods = ready();
    return pods.length === 3 && pods.every(({ spec }) => spec.nodeName !== node);
  });
  assert.equal(told, "DeletionByPodGC");
});

test("what is garbage, and in which order pods that have ended go", () => {
  const node = (name: string, ready: string, taints: NonNullable<Node["spec"]>["taints"] = []): Node => ({
    apiVersion: "v1",
    kind: "Node",
    metadata: { name },
    spec: { taints },
    status: { conditions: [{ type: "Ready", status: ready }] },
  });
  const out = { key: "node.kubernetes.io/out-of-service", effect: "NoExecute" };
  const all = [
    pod("runs", { nodeName: "n1" }),
    pod("old", { nodeName: "n1", phase: "Succeeded", created: 1 }),
    pod("older", { nodeName: "n1", phase: "Failed", created: 0 }),
    pod("evicted", { nodeName: "n1", phase: "Failed", reason: "Evicted", created: 2 }),
    pod("stuck", { nodeName: "n2", isDeleted: true }),
    pod("drains", { nodeName: "n1", isDeleted: true }),
    pod("unplaced", { nodeName: "", isDeleted: true }),
    pod("lost", { nodeName: "n9" }),
  ];
  const garbage = chooseGarbage(all, [node("n1", "True", [out]), node("n2", "Unknown", [out])], 1);
  const names = Object.fromEntries(
    Object.entries(garbage).map(([why, pods]) => [why, (pods as Pod[]).map(({ metadata }) => metadata.name)]),
  );
  assert.deepEqual(names, {
    ended: ["evicted", "older"],
    outOfService: ["stuck"],
    unplaced: ["unplaced"],
    orphaned: ["lost"],
  });
});

function pod(
  name: string,
  is: { nodeName: string; phase?: string; reason?: string; created?: number; isDeleted?: boolean },
): Pod {
  const creationTimestamp = `2026-01-01T00:00:0${is.created ?? 0}Z`;
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: {
      name,
      creationTimestamp,
      ...(is.isDeleted === true ? { deletionTimestamp: "2026-01-01T00:01:00Z" } : {}),
    },
    spec: { nodeName: is.nodeName, containers: [] },
    status: { phase: is.phase ?? "Running", ...(is.reason === undefined ? {} : { reason: is.reason }) },
  };
}
