import assert from "node:assert/strict";
import { test } from "node:test";
import { resourceTypes, type CoreEvent, type Pod, type ReplicationController } from "@seaworthy/kube";
import { startSimulatedCluster } from "../../testing/simulated-cluster.ts";

const { replicationcontrollers, pods: podType, events } = resourceTypes;

test("a ReplicationController keeps its pods, adopts one that matches, and lets go of one that does not", async () => {
  await using cluster = await startSimulatedCluster({ seed: 3 });
  const { client } = cluster;
  const labels = { app: "old" };
  const orphan: Pod = {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name: "orphan", namespace: "default", labels },
    spec: { containers: [{ name: "c", image: "web:1" }] },
  };
  await client.create(podType, orphan);
  const controller: ReplicationController = {
    apiVersion: "v1",
    kind: "ReplicationController",
    metadata: { name: "old", namespace: "default" },
    spec: {
      replicas: 2,
      selector: labels,
      template: { metadata: { labels }, spec: { containers: [{ name: "c", image: "web:1" }] } },
    },
  };
  await client.create(replicationcontrollers, controller);
  const ready = (count: number) =>
    cluster.until(`${count} are ready`, async () => {
      const read = await client.get<ReplicationController>(replicationcontrollers, "default", "old");
      const { status } = read;
      return status?.readyReplicas === count && status.replicas === count && read;
    });
  const { metadata, status } = await ready(2);
  assert.deepEqual(status, {
    replicas: 2,
    fullyLabeledReplicas: 2,
    readyReplicas: 2,
    availableReplicas: 2,
    observedGeneration: 1,
  });
  const adopted = await client.get<Pod>(podType, "default", "orphan");
  assert.deepEqual(
    adopted.metadata.ownerReferences?.map(({ kind, uid }) => ({ kind, uid })),
    [{ kind: "ReplicationController", uid: metadata.uid }],
  );
  await client.patch(podType, "default", "orphan", "merge", { metadata: { labels: { app: "free" } } });
  await cluster.until("it is replaced", () => cluster.pods.list("default").length === 3);
  const released = await client.get<Pod>(podType, "default", "orphan");
  assert.deepEqual(released.metadata.ownerReferences ?? [], []);
  await client.patch(replicationcontrollers, "default", "old", "merge", { spec: { replicas: 1 } });
  await ready(1);
  const { items } = await client.list<CoreEvent>(events, { namespace: "default" });
  const told = items.filter(({ source }) => source?.component === "replication-controller");
  assert.deepEqual(told.map(({ reason }) => reason).toSorted(), [
    "SuccessfulCreate",
    "SuccessfulCreate",
    "SuccessfulDelete",
  ]);
});
