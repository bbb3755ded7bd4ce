import assert from "node:assert/strict";
import { test } from "node:test";
import { resourceTypes, type CoreEvent, type Pod, type PriorityClass } from "@seaworthy/kube";
import { startSimulatedCluster, type SimulatedCluster } from "../../testing/simulated-cluster.ts";

const { pods, priorityclasses, poddisruptionbudgets, events } = resourceTypes;

async function createClasses({ client }: SimulatedCluster): Promise<void> {
  const classOf = (name: string, value: number, more: object = {}): PriorityClass => ({
    apiVersion: "scheduling.k8s.io/v1",
    kind: "PriorityClass",
    metadata: { name },
    value,
    ...more,
  });
  await client.create(priorityclasses, classOf("high", 1000));
  await client.create(priorityclasses, classOf("polite", 1000, { preemptionPolicy: "Never" }));
}

function pod(name: string, cpu: string, priorityClassName?: string): Pod {
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name, namespace: "default", labels: { name } },
    spec: {
      containers: [{ name: "c", image: "app", resources: { requests: { cpu } } }],
      ...(priorityClassName === undefined ? {} : { priorityClassName }),
    },
  };
}

const placed = (cluster: SimulatedCluster, name: string) =>
  cluster.until(`${name} has a node`, () => {
    const found = cluster.pods.get("default", name);
    return (found?.spec.nodeName ?? "") !== "" && found;
  });

test("a more important pod takes the place of as few others as it needs, budgets kept where that can be", async () => {
  await using cluster = await startSimulatedCluster({ seed: 5, nodes: 2 });
  const { client } = cluster;
  await createClasses(cluster);
  // The two that are kept by a budget share a node, and so do the two that are not.
  for (const name of ["a", "b", "c", "d"]) {
    const own = pod(name, "4");
    own.spec.nodeName = name < "c" ? "n1" : "n2";
    await client.create(pods, own);
  }
  await client.create(poddisruptionbudgets, {
    apiVersion: "policy/v1",
    kind: "PodDisruptionBudget",
    metadata: { name: "keep", namespace: "default" },
    spec: {
      minAvailable: 2,
      selector: { matchExpressions: [{ key: "name", operator: "In", values: ["a", "b"] }] },
    },
  });
  await client.create(pods, pod("polite", "3", "polite"));
  const refused = await cluster.until("it is refused", async () => {
    const { status } = await client.get<Pod>(pods, "default", "polite");
    return status?.conditions?.find(
      ({ type, status: value }) => type === "PodScheduled" && value === "False",
    );
  });
  assert.match(refused.message ?? "", /preemption: not eligible due to preemptionPolicy=Never\.$/);
  await client.delete(pods, "default", "polite");
  await client.create(pods, pod("high", "3", "high"));
  const high = await placed(cluster, "high");
  assert.equal(high.spec.nodeName, "n2");
  const left = cluster.pods.list("default").map(({ metadata }) => metadata.name);
  assert.equal(left.length, 4);
  for (const name of ["a", "b", "high"]) assert.ok(left.includes(name), left.join());
  const { items } = await client.list<CoreEvent>(events, { namespace: "default" });
  const told = items.filter(({ reason }) => reason === "Preempted").map(({ message }) => message);
  assert.deepEqual(told, [`Preempted by pod ${high.metadata.uid} on node n2`]);
});

test("of pods that wait together the most important one comes first", async () => {
  await using cluster = await startSimulatedCluster({ seed: 6, nodes: 1 });
  const { client } = cluster;
  await createClasses(cluster);
  const cordon = (unschedulable: boolean) =>
    client.patch(resourceTypes.nodes, undefined, "n1", "merge", { spec: { unschedulable } });
  await cordon(true);
  await client.create(pods, pod("low", "6"));
  await client.create(pods, pod("high", "6", "high"));
  for (const name of ["low", "high"])
    await cluster.until(`${name} is refused`, async () =>
      (await client.get<Pod>(pods, "default", name)).status?.conditions?.some(
        ({ reason }) => reason === "Unschedulable",
      ),
    );
  await cordon(false);
  await placed(cluster, "high");
  const low = await client.get<Pod>(pods, "default", "low").catch(() => undefined);
  assert.notEqual(low?.metadata.deletionTimestamp === undefined && low?.spec.nodeName !== undefined, true);
});
