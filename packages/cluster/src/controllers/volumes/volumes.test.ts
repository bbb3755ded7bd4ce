import assert from "node:assert/strict";
import { test } from "node:test";
import {
  resourceTypes,
  type CoreEvent,
  type PersistentVolume,
  type PersistentVolumeClaim,
  type Pod,
} from "@seaworthy/kube";
import { startSimulatedCluster, type SimulatedCluster } from "../../testing/simulated-cluster.ts";

const { persistentvolumeclaims, persistentvolumes, pods, events, storageclasses } = resourceTypes;

function claim(name: string, spec: Partial<PersistentVolumeClaim["spec"]> = {}): PersistentVolumeClaim {
  return {
    apiVersion: "v1",
    kind: "PersistentVolumeClaim",
    metadata: { name, namespace: "default" },
    spec: { accessModes: ["ReadWriteOnce"], resources: { requests: { storage: "1Gi" } }, ...spec },
  };
}

function volume(
  name: string,
  storage: string,
  spec: Partial<PersistentVolume["spec"]> = {},
): PersistentVolume {
  return {
    apiVersion: "v1",
    kind: "PersistentVolume",
    metadata: { name, labels: { name } },
    spec: {
      capacity: { storage },
      accessModes: ["ReadWriteOnce"],
      storageClassName: "static",
      hostPath: { path: `/tmp/${name}` },
      ...spec,
    },
  };
}

function pod(name: string, claimName: string): Pod {
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name, namespace: "default" },
    spec: {
      containers: [{ name: "c", image: "app" }],
      volumes: [{ name: "data", persistentVolumeClaim: { claimName } }],
    },
  };
}

const getClaim = (cluster: SimulatedCluster, name: string) =>
  cluster.client.get<PersistentVolumeClaim>(persistentvolumeclaims, "default", name);
const getVolume = (cluster: SimulatedCluster, name: string) =>
  cluster.client.get<PersistentVolume>(persistentvolumes, undefined, name);
const getPod = (cluster: SimulatedCluster, name: string) => cluster.client.get<Pod>(pods, "default", name);

async function message(cluster: SimulatedCluster, reason: string): Promise<string | undefined> {
  const { items } = await cluster.client.list<CoreEvent>(events, {});
  return items.find((event) => event.reason === reason)?.message;
}

const bound = (cluster: SimulatedCluster, name: string) =>
  cluster.until(`${name} is bound`, async () => {
    const found = await getClaim(cluster, name);
    return found.status?.phase === "Bound" && found;
  });

test("a static volume: the smallest that fits, by class, size, modes and selector; kept when its claim goes", async () => {
  await using cluster = await startSimulatedCluster({ seed: 1 });
  const { client } = cluster;
  for (const each of [volume("large", "5Gi"), volume("small", "2Gi"), volume("tiny", "1Mi")])
    await client.create(persistentvolumes, each);
  // A claim takes the smallest of those that are available by then.
  for (const name of ["large", "small", "tiny"])
    await cluster.until(
      `${name} is available`,
      async () => (await getVolume(cluster, name)).status?.phase === "Available",
    );
  await client.create(persistentvolumeclaims, claim("a", { storageClassName: "static" }));
  const first = await bound(cluster, "a");
  assert.equal(first.spec?.volumeName, "small");
  assert.deepEqual(first.status?.capacity, { storage: "2Gi" });
  assert.deepEqual(first.metadata.annotations, {
    "pv.kubernetes.io/bind-completed": "yes",
    "pv.kubernetes.io/bound-by-controller": "yes",
  });
  assert.equal((await getVolume(cluster, "small")).spec.claimRef?.uid, first.metadata.uid);
  const selector = { matchLabels: { name: "large" } };
  await client.create(persistentvolumeclaims, claim("b", { storageClassName: "static", selector }));
  assert.equal((await bound(cluster, "b")).spec?.volumeName, "large");
  await client.create(persistentvolumeclaims, claim("c", { storageClassName: "static", volumeName: "tiny" }));
  await cluster.until("the mismatch is told", () => message(cluster, "VolumeMismatch"));
  assert.equal(
    await message(cluster, "VolumeMismatch"),
    'Cannot bind to requested volume "tiny": requested PV is too small',
  );
  await client.delete(persistentvolumeclaims, "default", "a");
  await cluster.until(
    "it is released",
    async () => (await getVolume(cluster, "small")).status?.phase === "Released",
  );
  await client.delete(persistentvolumes, undefined, "large");
  await client.delete(persistentvolumeclaims, "default", "b");
  await cluster.until("a deleted volume goes with its claim", () =>
    getVolume(cluster, "large").then(
      () => false,
      () => true,
    ),
  );
});

test("standard waits for a pod and stays on its node; it is protected, grows and is deleted", async () => {
  await using cluster = await startSimulatedCluster({ seed: 2 });
  const { client } = cluster;
  await client.create(persistentvolumeclaims, claim("data"));
  await cluster.until("it waits", () => message(cluster, "WaitForFirstConsumer"));
  await client.create(pods, pod("one", "data"));
  const { spec } = await bound(cluster, "data");
  assert.equal(spec?.storageClassName, "standard");
  const volumeName = spec?.volumeName ?? "";
  const one = await cluster.until("one has a node", async () => {
    const found = await getPod(cluster, "one");
    return found.spec.nodeName !== undefined && found;
  });
  for (const name of ["two", "three", "four"]) await client.create(pods, pod(name, "data"));
  for (const name of ["two", "three", "four"])
    await cluster.until(
      `${name} follows`,
      async () => (await getPod(cluster, name)).spec.nodeName === one.spec.nodeName,
    );
  const grown = { spec: { resources: { requests: { storage: "3Gi" } } } };
  await client.patch(persistentvolumeclaims, "default", "data", "merge", grown);
  await cluster.until(
    "it has grown",
    async () => (await getClaim(cluster, "data")).status?.capacity?.["storage"] === "3Gi",
  );
  assert.equal((await getVolume(cluster, volumeName)).spec.capacity?.["storage"], "3Gi");
  await client.delete(persistentvolumeclaims, "default", "data");
  assert.deepEqual((await getClaim(cluster, "data")).metadata.finalizers, ["kubernetes.io/pvc-protection"]);
  for (const name of ["one", "two", "three", "four"]) await client.delete(pods, "default", name);
  await cluster.until("the volume goes", () =>
    getVolume(cluster, volumeName).then(
      () => false,
      () => true,
    ),
  );
});

test("shared is there at once and for all; what cannot be had is told as Kubernetes tells it", async () => {
  await using cluster = await startSimulatedCluster({ seed: 3 });
  const { client } = cluster;
  const accessModes = ["ReadWriteMany"];
  await client.create(persistentvolumeclaims, claim("files", { storageClassName: "shared", accessModes }));
  const { spec } = await bound(cluster, "files");
  assert.equal((await getVolume(cluster, spec?.volumeName ?? "")).spec.nodeAffinity, undefined);
  await client.create(pods, pod("lost", "none"));
  assert.equal(
    await cluster.until("it is refused", () => message(cluster, "FailedScheduling")),
    '0/3 nodes are available: persistentvolumeclaim "none" not found. not found',
  );
  // The claim comes later, and with it the node.
  await client.create(persistentvolumeclaims, claim("none", { storageClassName: "shared" }));
  await cluster.until(
    "it is scheduled",
    async () => (await getPod(cluster, "lost")).spec.nodeName !== undefined,
  );
  await client.create(persistentvolumeclaims, claim("gone", { storageClassName: "gone" }));
  assert.equal(
    await cluster.until("it is told", () => message(cluster, "ProvisioningFailed")),
    'storageclass.storage.k8s.io "gone" not found',
  );
  await client.create(storageclasses, {
    apiVersion: "storage.k8s.io/v1",
    kind: "StorageClass",
    metadata: { name: "gone" },
    provisioner: "example.com/x",
  });
  await cluster.until("it waits for its provisioner", () => message(cluster, "ExternalProvisioning"));
  await assert.rejects(
    client.patch(persistentvolumeclaims, "default", "gone", "merge", {
      spec: { resources: { requests: { storage: "2Gi" } } },
    }),
    /spec is immutable after creation except resources.requests and volumeAttributesClassName for bound claims/,
  );
});

test("one pod only has a ReadWriteOncePod claim, and an ephemeral one lives and dies with its pod", async () => {
  await using cluster = await startSimulatedCluster({ seed: 4 });
  const { client } = cluster;
  await client.create(persistentvolumeclaims, claim("mine", { accessModes: ["ReadWriteOncePod"] }));
  await client.create(pods, pod("first", "mine"));
  await cluster.until(
    "the first runs",
    async () => (await getPod(cluster, "first")).spec.nodeName !== undefined,
  );
  await client.create(pods, pod("second", "mine"));
  assert.match(
    (await cluster.until("the second waits", () => message(cluster, "FailedScheduling"))) ?? "",
    /3 node\(s\) unavailable due to PersistentVolumeClaim with ReadWriteOncePod access mode already in-use by another pod/,
  );
  await client.delete(pods, "default", "first");
  await cluster.until(
    "the second runs",
    async () => (await getPod(cluster, "second")).spec.nodeName !== undefined,
  );
  const scratch = pod("worker", "");
  scratch.spec.volumes = [
    { name: "scratch", ephemeral: { volumeClaimTemplate: { spec: claim("x").spec! } } },
  ];
  await client.create(pods, scratch);
  await bound(cluster, "worker-scratch");
  await client.delete(pods, "default", "worker");
  await cluster.until("the claim goes", () =>
    getClaim(cluster, "worker-scratch").then(
      () => false,
      () => true,
    ),
  );
});
