import assert from "node:assert/strict";
import { test } from "node:test";
import {
  formatLabelSelector,
  resourceTypes,
  type CoreEvent,
  type Deployment,
  type EndpointSlice,
  type KubeObject,
  type Namespace,
  type Pod,
  type ReplicaSet,
  type Service,
  isPodActive,
  isPodReady,
} from "@seaworthy/kube";
import { conditionOf, isComplete } from "./deployment/deployment-status.ts";
import { resolveFenceposts } from "./deployment/rolling-update.ts";
import {
  simulatedDeployment,
  startSimulatedCluster,
  type SimulatedCluster,
} from "../testing/simulated-cluster.ts";

const {
  deployments,
  replicasets,
  pods: podType,
  services,
  namespaces,
  nodes,
  events,
  endpointslices,
} = resourceTypes;

function setImage(cluster: SimulatedCluster, name: string, image: string): Promise<KubeObject> {
  const patch = { spec: { template: { spec: { containers: [{ name: "c", image }] } } } };
  return cluster.client.patch(deployments, "default", name, "strategic", patch);
}

function rolledOut(cluster: SimulatedCluster, name: string): Promise<Deployment> {
  return cluster.until(`${name} is rolled out`, async () => {
    const deployment = await cluster.client.get<Deployment>(deployments, "default", name);
    const settled = deployment.status?.observedGeneration === deployment.metadata.generation;
    return settled && isComplete(deployment, deployment.status ?? {}) && deployment;
  });
}

async function replicaSetsOf(cluster: SimulatedCluster, name: string): Promise<ReplicaSet[]> {
  const { items } = await cluster.client.list<ReplicaSet>(replicasets, {
    namespace: "default",
    labelSelector: `app=${name}`,
  });
  return items;
}

async function messages(cluster: SimulatedCluster, reason: string): Promise<string[]> {
  const { items } = await cluster.client.list<CoreEvent>(events, { namespace: "default" });
  return items.filter((event) => event.reason === reason).map((event) => event.message ?? "");
}

/** Watches the pods of an app and keeps the extremes. */
function watchCounts(cluster: SimulatedCluster, app: string) {
  const extremes = { fewestReady: Infinity, mostActive: 0 };
  cluster.pods.onChange(() => {
    const own = cluster.pods.list("default").filter(({ metadata }) => metadata.labels?.["app"] === app);
    const active = own.filter((pod) => isPodActive(pod));
    extremes.mostActive = Math.max(extremes.mostActive, active.length);
    extremes.fewestReady = Math.min(extremes.fewestReady, active.filter((pod) => isPodReady(pod)).length);
  });
  return extremes;
}

const strategies = [
  { replicas: 4, maxSurge: "25%", maxUnavailable: "25%" },
  { replicas: 1, maxSurge: "25%", maxUnavailable: "25%" },
  { replicas: 5, maxSurge: 0, maxUnavailable: 1 },
  { replicas: 6, maxSurge: 3, maxUnavailable: 2 },
  { replicas: 3, maxSurge: 1, maxUnavailable: 0 },
] as const;

for (const [index, { replicas, maxSurge, maxUnavailable }] of strategies.entries()) {
  test(`rolling ${replicas} with surge ${maxSurge} and unavailable ${maxUnavailable} stays within both`, async () => {
    await using cluster = await startSimulatedCluster({ seed: index + 1 });
    const rollingUpdate = { maxSurge, maxUnavailable };
    const wanted = simulatedDeployment("web", "web:1", {
      replicas,
      strategy: { type: "RollingUpdate", rollingUpdate },
    });
    await cluster.client.create(deployments, wanted);
    await rolledOut(cluster, "web");
    const counts = watchCounts(cluster, "web");
    // The third template comes in the middle of the second rollout.
    await setImage(cluster, "web", "web:2");
    await cluster.until(
      "the second rollout has begun",
      async () => (await replicaSetsOf(cluster, "web")).length === 2,
    );
    await setImage(cluster, "web", "web:3");
    await rolledOut(cluster, "web");
    const { surge, unavailable } = resolveFenceposts(wanted);
    assert.ok(counts.fewestReady >= replicas - unavailable, `fewest ready: ${counts.fewestReady}`);
    assert.ok(counts.mostActive <= replicas + surge, `most active: ${counts.mostActive}`);
    const images = cluster.pods
      .list("default")
      .filter(isPodActive)
      .map(({ spec }) => spec.containers[0]?.image);
    assert.deepEqual(
      images,
      Array.from({ length: replicas }, () => "web:3"),
    );
  });
}

test("a first rollout: names, labels, revision, conditions and events as in Kubernetes", async () => {
  await using cluster = await startSimulatedCluster({ seed: 7 });
  await cluster.client.create(deployments, simulatedDeployment("web", "web:1", { replicas: 2 }));
  const { metadata, status } = await rolledOut(cluster, "web");
  const [replicaSet] = await replicaSetsOf(cluster, "web");
  const hash = replicaSet?.metadata.labels?.["pod-template-hash"] ?? "";
  assert.match(hash, /^[bcdfghjklmnpqrstvwxz2456789]{6,10}$/);
  assert.equal(replicaSet?.metadata.name, `web-${hash}`);
  assert.equal(metadata.annotations?.["deployment.kubernetes.io/revision"], "1");
  assert.equal(metadata.generation, 1);
  const progressing = conditionOf(status, "Progressing");
  assert.equal(progressing?.reason, "NewReplicaSetAvailable");
  assert.equal(progressing.message, `ReplicaSet "web-${hash}" has successfully progressed.`);
  assert.equal(conditionOf(status, "Available")?.reason, "MinimumReplicasAvailable");
  const pods = cluster.pods.list("default");
  assert.ok(pods.every(({ metadata: { name } }) => new RegExp(`^web-${hash}-[a-z0-9]{5}$`).test(name)));
  assert.equal(new Set(pods.map(({ spec }) => spec.nodeName)).size, 2);
  const names = pods.map(({ metadata: { name } }) => `Created pod: ${name}`).toSorted();
  assert.deepEqual((await messages(cluster, "SuccessfulCreate")).toSorted(), names);
  assert.deepEqual(await messages(cluster, "ScalingReplicaSet"), [
    `Scaled up replica set web-${hash} from 0 to 2`,
  ]);
  assert.equal((await messages(cluster, "Scheduled")).length, 2);
});

test("a broken template stops at the surge, exceeds its deadline, and going back recovers", async () => {
  await using cluster = await startSimulatedCluster({ seed: 11 });
  const rollingUpdate = { maxSurge: 3, maxUnavailable: 2 };
  const strategy = { type: "RollingUpdate", rollingUpdate };
  const spec = { replicas: 10, progressDeadlineSeconds: 15, strategy };
  await cluster.client.create(deployments, simulatedDeployment("web", "web:1", spec));
  await rolledOut(cluster, "web");
  await setImage(cluster, "web", "broken:2");
  const stuck = await cluster.until("the deadline is exceeded", async () => {
    const deployment = await cluster.client.get<Deployment>(deployments, "default", "web");
    const condition = conditionOf(deployment.status, "Progressing");
    return condition?.reason === "ProgressDeadlineExceeded" && deployment;
  });
  assert.match(
    conditionOf(stuck.status, "Progressing")?.message ?? "",
    /^ReplicaSet "web-\w+" has timed out progressing\.$/,
  );
  assert.equal(stuck.status?.availableReplicas, 8);
  const sizes = async () =>
    (await replicaSetsOf(cluster, "web")).map(({ spec }) => spec.replicas ?? 0).toSorted((a, b) => b - a);
  assert.deepEqual(await sizes(), [8, 5]);
  await cluster.client.patch(deployments, "default", "web", "merge", { spec: { replicas: 15 } });
  await cluster.until("both are scaled", async () => (await sizes()).join() === "11,7");
  await setImage(cluster, "web", "web:1");
  const recovered = await rolledOut(cluster, "web");
  assert.equal(recovered.metadata.annotations?.["deployment.kubernetes.io/revision"], "3");
  const current = (await replicaSetsOf(cluster, "web")).find(({ spec }) => spec.replicas === 15);
  assert.equal(current?.metadata.annotations?.["deployment.kubernetes.io/revision-history"], "1");
});

test("Recreate never has old and new pods together", async () => {
  await using cluster = await startSimulatedCluster({ seed: 13 });
  await cluster.client.create(
    deployments,
    simulatedDeployment("web", "web:1", { replicas: 3, strategy: { type: "Recreate" } }),
  );
  await rolledOut(cluster, "web");
  let mixed = false;
  cluster.pods.onChange(() => {
    const images = cluster.pods.list("default").map(({ spec }) => spec.containers[0]?.image);
    mixed ||= new Set(images).size > 1;
  });
  await setImage(cluster, "web", "web:2");
  await rolledOut(cluster, "web");
  assert.equal(mixed, false);
});

test("old ReplicaSets beyond revisionHistoryLimit go, minReadySeconds delays, a pause holds", async () => {
  await using cluster = await startSimulatedCluster({ seed: 17 });
  const spec = { replicas: 2, revisionHistoryLimit: 1, minReadySeconds: 5 };
  await cluster.client.create(deployments, simulatedDeployment("web", "web:1", spec));
  for (const image of ["web:1", "web:2", "web:3", "web:4"]) {
    await setImage(cluster, "web", image);
    await rolledOut(cluster, "web");
  }
  await cluster.until("history is pruned", async () => (await replicaSetsOf(cluster, "web")).length === 2);
  const now = cluster.clock.now();
  for (const pod of cluster.pods.list("default").filter(isPodActive)) {
    const ready = pod.status?.conditions?.find(({ type }) => type === "Ready");
    assert.ok(now - Date.parse(ready?.lastTransitionTime ?? "") >= 5000);
  }
  await cluster.client.patch(deployments, "default", "web", "merge", { spec: { paused: true, replicas: 3 } });
  await setImage(cluster, "web", "web:5");
  await rolledOutSize(cluster, 3);
  const images = (await replicaSetsOf(cluster, "web")).map(
    ({ spec }) => spec.template?.spec.containers[0]?.image,
  );
  assert.ok(!images.includes("web:5"), "a paused Deployment makes no ReplicaSet");
  await cluster.client.patch(deployments, "default", "web", "merge", { spec: { paused: false } });
  await cluster.until("it rolls again", () =>
    cluster.pods.list("default").some(({ spec }) => spec.containers[0]?.image === "web:5"),
  );
});

async function rolledOutSize(cluster: SimulatedCluster, replicas: number): Promise<void> {
  await cluster.until(
    `${replicas} pods`,
    () => cluster.pods.list("default").filter(isPodActive).length === replicas,
  );
}

test("a relabelled pod is released and replaced; relabelled back it is adopted and one goes", async () => {
  await using cluster = await startSimulatedCluster({ seed: 19 });
  await cluster.client.create(deployments, simulatedDeployment("web", "web:1", { replicas: 2 }));
  await rolledOut(cluster, "web");
  const name = cluster.pods.list("default")[0]?.metadata.name ?? "";
  const relabel = (app: string) =>
    cluster.client.patch(podType, "default", name, "merge", { metadata: { labels: { app } } });
  await relabel("other");
  await cluster.until("it is released and replaced", () => {
    const pods = cluster.pods.list("default");
    const released = pods.find(({ metadata }) => metadata.name === name);
    return pods.length === 3 && released?.metadata.ownerReferences === undefined;
  });
  await relabel("web");
  await cluster.until("one of three goes", () => {
    const pods = cluster.pods.list("default");
    return pods.length === 2 && pods.every(({ metadata }) => metadata.ownerReferences?.length === 1);
  });
});

test("deleting a Deployment: background and foreground take all, orphan leaves the ReplicaSet", async () => {
  await using cluster = await startSimulatedCluster({ seed: 23 });
  for (const propagationPolicy of ["Background", "Foreground"] as const) {
    await cluster.client.create(deployments, simulatedDeployment("web", "web:1", { replicas: 2 }));
    await rolledOut(cluster, "web");
    let ownerLast = true;
    const unsubscribe = cluster.pods.onChange(({ type }) => {
      if (type !== "deleted") return;
      // A pod that goes while its Deployment is away has outlived it.
      void cluster.client.get(deployments, "default", "web").catch(() => (ownerLast = false));
    });
    await cluster.client.delete(deployments, "default", "web", { propagationPolicy });
    await cluster.until("all is gone", async () => {
      const left = await cluster.client.list(deployments, { namespace: "default" });
      return (
        left.items.length + (await replicaSetsOf(cluster, "web")).length + cluster.pods.list().length === 0
      );
    });
    unsubscribe();
    if (propagationPolicy === "Background") assert.equal(ownerLast, false);
  }
  await cluster.client.create(deployments, simulatedDeployment("web", "web:1", { replicas: 2 }));
  await rolledOut(cluster, "web");
  await cluster.client.delete(deployments, "default", "web", { propagationPolicy: "Orphan" });
  await cluster.until("the ReplicaSet is alone", async () => {
    const left = await cluster.client.list(deployments, { namespace: "default" });
    const [replicaSet] = await replicaSetsOf(cluster, "web");
    return left.items.length === 0 && replicaSet?.metadata.ownerReferences === undefined;
  });
  assert.equal(cluster.pods.list("default").filter(isPodActive).length, 2);
});

test("a namespace is emptied and goes, with pods that need their grace", async () => {
  await using cluster = await startSimulatedCluster({ seed: 29 });
  const namespace: Namespace = { apiVersion: "v1", kind: "Namespace", metadata: { name: "shop" } };
  await cluster.client.create(namespaces, namespace);
  const deployment = simulatedDeployment("web", "web:1", { replicas: 3 });
  await cluster.client.create(deployments, { ...deployment, metadata: { name: "web", namespace: "shop" } });
  await cluster.until("pods run", () => cluster.pods.list("shop").filter(isPodReady).length === 3);
  await cluster.client.delete(namespaces, undefined, "shop");
  await cluster.until("the namespace is gone", async () => {
    const { items } = await cluster.client.list(namespaces);
    return items.every(({ metadata }) => metadata.name !== "shop");
  });
  assert.equal(cluster.pods.list("shop").length, 0);
});

test("endpoints follow the pods through a rollout, and go with the Service", async () => {
  await using cluster = await startSimulatedCluster({ seed: 31 });
  const service: Service = {
    apiVersion: "v1",
    kind: "Service",
    metadata: { name: "web", namespace: "default" },
    spec: { selector: { app: "web" }, ports: [{ port: 80, targetPort: 8080 }] },
  };
  await cluster.client.create(services, service);
  await cluster.client.create(deployments, simulatedDeployment("web", "web:1", { replicas: 3 }));
  await rolledOut(cluster, "web");
  await setImage(cluster, "web", "web:2");
  await rolledOut(cluster, "web");
  const labelSelector = formatLabelSelector({ matchLabels: { "kubernetes.io/service-name": "web" } });
  await cluster.until("the slice shows the pods", async () => {
    const { items } = await cluster.client.list<EndpointSlice>(endpointslices, {
      namespace: "default",
      labelSelector,
    });
    assert.ok(items.length <= 1);
    const shown = (items[0]?.endpoints ?? []).map(({ targetRef }) => targetRef?.name).toSorted();
    const pods = cluster.pods
      .list("default")
      .map(({ metadata }) => metadata.name)
      .toSorted();
    return shown.join() === pods.join() && pods.length === 3;
  });
  await cluster.client.delete(services, "default", "web");
  await cluster.until("slices and endpoints are gone", async () => {
    const slices = await cluster.client.list(endpointslices, { namespace: "default", labelSelector });
    const endpoints = await cluster.client.list(resourceTypes.endpoints, { namespace: "default" });
    return slices.items.length + endpoints.items.length === 0;
  });
});

test("a pod that fits nowhere says why, and is placed when a node opens", async () => {
  await using cluster = await startSimulatedCluster({ seed: 37, nodes: 1 });
  const cordon = (unschedulable: boolean) =>
    cluster.client.patch(nodes, undefined, "n1", "merge", { spec: { unschedulable } });
  await cordon(true);
  const pod: Pod = {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name: "lone", namespace: "default" },
    spec: { containers: [{ name: "c", image: "web:1" }] },
  };
  await cluster.client.create(podType, pod);
  const refused = await cluster.until("the scheduler says no", async () => {
    const { status } = await cluster.client.get<Pod>(podType, "default", "lone");
    return status?.conditions?.find(
      ({ type, status: value }) => type === "PodScheduled" && value === "False",
    );
  });
  const why =
    "0/1 nodes are available: 1 node(s) were unschedulable. no new claims to deallocate, preemption: 0/1 nodes are available: 1 Preemption is not helpful for scheduling.";
  assert.deepEqual([refused.reason, refused.message], ["Unschedulable", why]);
  await cluster.until("the event is written", async () =>
    (await messages(cluster, "FailedScheduling")).includes(why),
  );
  await cordon(false);
  await cluster.until("it is placed", () => cluster.pods.get("default", "lone")?.spec.nodeName === "n1");
});

test("a revision that somebody wrote may have all of its 64 bits, and the next one is larger by one", async () => {
  await using cluster = await startSimulatedCluster({ seed: 41 });
  const { selector, template } = simulatedDeployment("web", "web:1", {}).spec;
  const annotations = { "deployment.kubernetes.io/revision": "3546343826724305832" };
  await cluster.client.create<ReplicaSet>(replicasets, {
    apiVersion: "apps/v1",
    kind: "ReplicaSet",
    metadata: { name: "before", namespace: "default", labels: { app: "web" }, annotations },
    spec: { replicas: 1, selector, template },
  });
  await cluster.client.create(deployments, simulatedDeployment("web", "web:2", { replicas: 1 }));
  const { metadata } = await rolledOut(cluster, "web");
  assert.equal(metadata.annotations?.["deployment.kubernetes.io/revision"], "3546343826724305833");
});
