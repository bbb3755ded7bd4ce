import assert from "node:assert/strict";
import { test } from "node:test";
import {
  isPodReady,
  resourceTypes,
  type ControllerRevision,
  type CoreEvent,
  type PersistentVolumeClaim,
  type Pod,
  type StatefulSet,
} from "@seaworthy/kube";
import { startSimulatedCluster, type SimulatedCluster } from "../../testing/simulated-cluster.ts";

const { statefulsets, pods: podType, events, persistentvolumeclaims, controllerrevisions } = resourceTypes;

async function createSet(
  cluster: SimulatedCluster,
  spec: Partial<StatefulSet["spec"]>,
): Promise<StatefulSet> {
  const labels = { app: "db" };
  return await cluster.client.create<StatefulSet>(statefulsets, {
    apiVersion: "apps/v1",
    kind: "StatefulSet",
    metadata: { name: "db", namespace: "default" },
    spec: {
      serviceName: "db",
      replicas: 3,
      selector: { matchLabels: labels },
      template: { metadata: { labels }, spec: { containers: [{ name: "c", image: "db:1" }] } },
      ...spec,
    },
  });
}

function patch(cluster: SimulatedCluster, spec: unknown): Promise<unknown> {
  return cluster.client.patch(statefulsets, "default", "db", "strategic", { spec });
}

function setImage(cluster: SimulatedCluster, image: string): Promise<unknown> {
  return patch(cluster, { template: { spec: { containers: [{ name: "c", image }] } } });
}

function read(cluster: SimulatedCluster): Promise<StatefulSet> {
  return cluster.client.get<StatefulSet>(statefulsets, "default", "db");
}

function ready(cluster: SimulatedCluster, count: number): Promise<StatefulSet> {
  return cluster.until(`${count} are ready`, async () => {
    const set = await read(cluster);
    const { observedGeneration, readyReplicas = 0, replicas, updatedReplicas = 0 } = set.status ?? {};
    const isSeen = observedGeneration === set.metadata.generation;
    const isDone = [readyReplicas, replicas, updatedReplicas].every((each) => each === count);
    return isSeen && isDone && set;
  });
}

/** The names of pods as they come and go. */
function watchNames(cluster: SimulatedCluster): string[] {
  const seen: string[] = [];
  cluster.pods.onChange(({ type, object }) => {
    if (type === "added") seen.push(`+${object.metadata.name}`);
    if (type === "deleted") seen.push(`-${object.metadata.name}`);
  });
  return seen;
}

async function told(cluster: SimulatedCluster): Promise<string[]> {
  const { items } = await cluster.client.list<CoreEvent>(events, { namespace: "default" });
  return items
    .filter(({ source }) => source?.component === "statefulset-controller")
    .map(({ reason, message }) => `${reason}: ${message}`);
}

function images(cluster: SimulatedCluster): string[] {
  return cluster.pods
    .list("default")
    .toSorted((a, b) => (a.metadata.name < b.metadata.name ? -1 : 1))
    .map(({ spec }) => spec.containers[0]?.image ?? "");
}

test("pods come one after the other, each when the one before is ready, and go in the opposite order", async () => {
  await using cluster = await startSimulatedCluster({ seed: 1 });
  const seen = watchNames(cluster);
  let allWereReady = true;
  cluster.pods.onChange(({ type, object }) => {
    if (type !== "added") return;
    const before = cluster.pods
      .list("default")
      .filter(({ metadata }) => metadata.name < object.metadata.name);
    allWereReady &&= before.every(isPodReady);
  });
  await createSet(cluster, {});
  const { metadata, status } = await ready(cluster, 3);
  assert.deepEqual(seen, ["+db-0", "+db-1", "+db-2"]);
  assert.ok(allWereReady);
  const revision = status?.currentRevision ?? "";
  assert.match(revision, /^db-[a-z0-9]+$/);
  assert.deepEqual(status, {
    observedGeneration: 1,
    replicas: 3,
    readyReplicas: 3,
    currentReplicas: 3,
    updatedReplicas: 3,
    currentRevision: revision,
    updateRevision: revision,
    collisionCount: 0,
    availableReplicas: 3,
  });
  const pod = await cluster.client.get<Pod>(podType, "default", "db-1");
  assert.deepEqual(pod.metadata.labels, {
    app: "db",
    "apps.kubernetes.io/pod-index": "1",
    "controller-revision-hash": revision,
    "statefulset.kubernetes.io/pod-name": "db-1",
  });
  assert.deepEqual(
    [
      pod.metadata.generateName,
      pod.spec.hostname,
      pod.spec.subdomain,
      pod.metadata.ownerReferences?.[0]?.uid,
    ],
    ["db-", "db-1", "db", metadata.uid],
  );
  await patch(cluster, { replicas: 1 });
  await ready(cluster, 1);
  assert.deepEqual(seen.slice(3), ["-db-2", "-db-1"]);
  assert.deepEqual((await told(cluster)).slice(0, 1), [
    "SuccessfulCreate: Create Pod db-0 in StatefulSet db successful",
  ]);
});

test("a new template replaces the last pod first, down to the partition; going back finds the old revision", async () => {
  await using cluster = await startSimulatedCluster({ seed: 2 });
  await createSet(cluster, { updateStrategy: { type: "RollingUpdate", rollingUpdate: { partition: 2 } } });
  const before = await ready(cluster, 3);
  const seen = watchNames(cluster);
  await setImage(cluster, "db:2");
  await cluster.until("one is updated", async () => {
    const { status } = await read(cluster);
    return status?.updatedReplicas === 1 && status.readyReplicas === 3;
  });
  assert.deepEqual(images(cluster), ["db:1", "db:1", "db:2"]);
  seen.length = 0;
  // Below the partition a pod comes back as it was.
  await cluster.client.delete(podType, "default", "db-0");
  await cluster.until("it is back", () => seen.includes("+db-0") && images(cluster)[0] === "db:1");
  await cluster.until("all are ready", () => cluster.pods.list("default").filter(isPodReady).length === 3);
  seen.length = 0;
  await patch(cluster, { updateStrategy: { rollingUpdate: { partition: 0 } } });
  const after = await ready(cluster, 3);
  assert.deepEqual(
    seen.filter((each) => each.startsWith("-")),
    ["-db-1", "-db-0"],
  );
  assert.notEqual(after.status?.currentRevision, before.status?.currentRevision);
  await setImage(cluster, "db:1");
  const back = await cluster.until("it is as before", async () => {
    const set = await read(cluster);
    return set.status?.currentRevision === before.status?.currentRevision && set;
  });
  assert.equal(back.status?.updateRevision, before.status?.updateRevision);
  const { items } = await cluster.client.list<ControllerRevision>(controllerrevisions, {
    namespace: "default",
  });
  assert.deepEqual(items.map(({ revision }) => revision).toSorted(), [2, 3]);
});

test("a broken update stops at the first pod, and goes on when that pod is deleted", async () => {
  await using cluster = await startSimulatedCluster({ seed: 3 });
  await createSet(cluster, {});
  await ready(cluster, 3);
  await setImage(cluster, "db:broken");
  await cluster.until("the last one is broken", () => images(cluster)[2] === "db:broken");
  await setImage(cluster, "db:3");
  await cluster.until("the new template is seen", async () => {
    const { metadata, status } = await read(cluster);
    return status?.observedGeneration === metadata.generation;
  });
  assert.deepEqual(images(cluster), ["db:1", "db:1", "db:broken"]);
  await cluster.client.delete(podType, "default", "db-2");
  await ready(cluster, 3);
  assert.deepEqual(images(cluster), ["db:3", "db:3", "db:3"]);
});

test("a pod that failed is made again under its name, and pods in parallel do not wait", async () => {
  await using cluster = await startSimulatedCluster({ seed: 4 });
  const seen = watchNames(cluster);
  await createSet(cluster, { podManagementPolicy: "Parallel", ordinals: { start: 5 } });
  await cluster.until("all are there before any is ready", () => seen.length === 3);
  assert.deepEqual(seen.toSorted(), ["+db-5", "+db-6", "+db-7"]);
  await ready(cluster, 3);
  const before = await cluster.client.get<Pod>(podType, "default", "db-6");
  await cluster.client.patch(podType, "default", "db-6", "merge", { status: { phase: "Failed" } }, "status");
  await cluster.until("another has its name", async () => {
    const pod = await cluster.client.get<Pod>(podType, "default", "db-6");
    return pod.metadata.uid !== before.metadata.uid;
  });
  await ready(cluster, 3);
});

test("each pod has its claim, which stays, or goes with the pod or the set where the policy says so", async () => {
  await using cluster = await startSimulatedCluster({ seed: 5 });
  await createSet(cluster, {
    replicas: 2,
    persistentVolumeClaimRetentionPolicy: { whenDeleted: "Retain", whenScaled: "Retain" },
    volumeClaimTemplates: [
      {
        metadata: { name: "data" },
        spec: { accessModes: ["ReadWriteOnce"], resources: { requests: { storage: "1Gi" } } },
      },
    ],
  });
  await ready(cluster, 2);
  const claims = async () =>
    (await cluster.client.list<PersistentVolumeClaim>(persistentvolumeclaims, { namespace: "default" }))
      .items;
  const names = async () => (await claims()).map(({ metadata }) => metadata.name).toSorted();
  assert.deepEqual(await names(), ["data-db-0", "data-db-1"]);
  const pod = await cluster.client.get<Pod>(podType, "default", "db-1");
  assert.deepEqual(pod.spec.volumes?.find(({ name }) => name === "data")?.persistentVolumeClaim, {
    claimName: "data-db-1",
  });
  await cluster.until("it is told", async () =>
    (await told(cluster)).includes(
      "SuccessfulCreate: Create Claim data-db-1 Pod db-1 in StatefulSet db success",
    ),
  );
  await patch(cluster, { replicas: 1 });
  await ready(cluster, 1);
  assert.deepEqual(await names(), ["data-db-0", "data-db-1"]);
  await patch(cluster, {
    replicas: 2,
    persistentVolumeClaimRetentionPolicy: { whenDeleted: "Delete", whenScaled: "Delete" },
  });
  await ready(cluster, 2);
  await cluster.until("the set owns them", async () =>
    (await claims()).every(({ metadata }) => metadata.ownerReferences?.[0]?.kind === "StatefulSet"),
  );
  await patch(cluster, { replicas: 1 });
  await cluster.until("the second is gone with its pod", async () => (await names()).join() === "data-db-0");
  await cluster.client.delete(statefulsets, "default", "db");
  await cluster.until("all are gone", async () => (await names()).length === 0);
});

test("with minReadySeconds the next pod waits until the one before has been ready for so long", async () => {
  await using cluster = await startSimulatedCluster({ seed: 6 });
  await createSet(cluster, { replicas: 2, minReadySeconds: 10 });
  await ready(cluster, 2);
  const [first, second] = await Promise.all(
    ["db-0", "db-1"].map((name) => cluster.client.get<Pod>(podType, "default", name)),
  );
  const readyAt = first?.status?.conditions?.find(({ type }) => type === "Ready")?.lastTransitionTime ?? "";
  const waitedMs = Date.parse(second?.metadata.creationTimestamp ?? "") - Date.parse(readyAt);
  assert.ok(waitedMs >= 10_000, `waited ${waitedMs} ms`);
});
