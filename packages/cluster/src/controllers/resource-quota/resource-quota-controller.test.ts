import assert from "node:assert/strict";
import { test } from "node:test";
import { resourceTypes, type Pod, type ResourceQuota } from "@seaworthy/kube";
import { simulatedDeployment, startSimulatedCluster } from "../../testing/simulated-cluster.ts";

const { deployments, pods: podType, replicasets, resourcequotas } = resourceTypes;

test("what is there is counted, what goes is given back, and no quota is ever exceeded meanwhile", async () => {
  await using cluster = await startSimulatedCluster({ seed: 1 });
  const { client } = cluster;
  const statusOf = (what: string, holds: (status: ResourceQuota["status"]) => boolean) =>
    cluster.until(what, async () => {
      const { status } = await client.get<ResourceQuota>(resourcequotas, "default", "q");
      return holds(status) && status;
    });
  await client.create(deployments, simulatedDeployment("web", "web:1", { replicas: 2 }));
  await cluster.until("two pods", () => cluster.pods.list("default").length === 2);
  await client.create<ResourceQuota>(resourcequotas, {
    apiVersion: "v1",
    kind: "ResourceQuota",
    metadata: { name: "q", namespace: "default" },
    spec: { hard: { pods: "4", "count/deployments.apps": "2", "other.example/x": "1" } },
  });
  const counted = await statusOf("the first count", (status) => status?.used !== undefined);
  // Of what no kind uses nothing is said.
  assert.deepEqual(counted?.used, { pods: "2", "count/deployments.apps": "1" });

  let most = 0;
  cluster.pods.onChange(() => {
    most = Math.max(most, cluster.pods.list("default").length);
  });
  const scale = (replicas: number) =>
    client.patch(deployments, "default", "web", "merge", { spec: { replicas } });
  await scale(7);
  await statusOf("a full quota", (status) => status?.used?.["pods"] === "4");
  const failure = await cluster.until("a failure of the ReplicaSet", async () => {
    const { items } = await client.list(replicasets, { namespace: "default" });
    const [{ status } = {}] = items as {
      status?: { conditions?: { reason?: string; message?: string }[] };
    }[];
    return status?.conditions?.find(({ reason }) => reason === "FailedCreate");
  });
  assert.match(
    failure?.message ?? "",
    /exceeded quota: q, requested: pods=1, used: pods=4, limited: pods=4$/,
  );
  // Pods that go make room, and the ReplicaSet takes it.
  const [first, second] = cluster.pods.list("default").map(({ metadata }) => metadata.name);
  for (const name of [first, second])
    await client.delete(podType, "default", name ?? "", { gracePeriodSeconds: 0 });
  await cluster.until("new pods in their place", () => {
    const names = cluster.pods.list("default").map(({ metadata }: Pod) => metadata.name);
    return names.length === 4 && !names.includes(first ?? "") && !names.includes(second ?? "");
  });
  assert.equal(most, 4);
  await client.patch(resourcequotas, "default", "q", "merge", { spec: { hard: { pods: "9" } } });
  await statusOf("all seven", ({ hard, used } = {}) => hard?.["pods"] === "9" && used?.["pods"] === "7");
  await scale(0);
  await statusOf("none left", (status) => status?.used?.["pods"] === "0");
});
