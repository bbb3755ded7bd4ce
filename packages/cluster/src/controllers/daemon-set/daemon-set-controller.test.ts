import assert from "node:assert/strict";
import { test } from "node:test";
import {
  isPodActive,
  isPodReady,
  resourceTypes,
  type ControllerRevision,
  type CoreEvent,
  type DaemonSet,
} from "@seaworthy/kube";
import { createNode, startSimulatedCluster, type SimulatedCluster } from "../../testing/simulated-cluster.ts";

const { daemonsets, nodes, pods: podType, events, controllerrevisions } = resourceTypes;

async function createSet(cluster: SimulatedCluster, spec: Partial<DaemonSet["spec"]>): Promise<void> {
  const labels = { app: "agent" };
  await cluster.client.create<DaemonSet>(daemonsets, {
    apiVersion: "apps/v1",
    kind: "DaemonSet",
    metadata: { name: "agent", namespace: "default" },
    spec: {
      selector: { matchLabels: labels },
      template: { metadata: { labels }, spec: { containers: [{ name: "c", image: "agent:1" }] } },
      ...spec,
    },
  });
}

function setImage(cluster: SimulatedCluster, image: string): Promise<unknown> {
  const spec = { template: { spec: { containers: [{ name: "c", image }] } } };
  return cluster.client.patch(daemonsets, "default", "agent", "strategic", { spec });
}

function rolledOut(cluster: SimulatedCluster, count: number): Promise<DaemonSet> {
  return cluster.until(`${count} are available and new`, async () => {
    const set = await cluster.client.get<DaemonSet>(daemonsets, "default", "agent");
    const { status } = set;
    const isSeen = status?.observedGeneration === set.metadata.generation;
    const counts = [
      status?.desiredNumberScheduled ?? 0,
      status?.updatedNumberScheduled ?? 0,
      status?.numberAvailable ?? 0,
    ];
    return isSeen && counts.every((each) => each === count) && set;
  });
}

function placed(cluster: SimulatedCluster): string[] {
  return cluster.pods
    .list("default")
    .filter(isPodActive)
    .map(({ spec }) => `${spec.nodeName} ${spec.containers[0]?.image}`)
    .toSorted();
}

/** The fewest nodes that were served, and the most pods of any of them, while pods changed. */
function watchNodes(cluster: SimulatedCluster) {
  const extremes = { fewestServed: Infinity, mostOnOne: 0 };
  cluster.pods.onChange(() => {
    const active = cluster.pods.list("default").filter(isPodActive);
    const byNode = Map.groupBy(active, ({ spec }) => spec.nodeName);
    byNode.delete(undefined);
    const served = [...byNode.values()].filter((pods) => pods.some(isPodReady)).length;
    extremes.fewestServed = Math.min(extremes.fewestServed, served);
    extremes.mostOnOne = Math.max(extremes.mostOnOne, ...[...byNode.values()].map((pods) => pods.length));
  });
  return extremes;
}

test("every node gets a pod, also one that comes later, and one that is cordoned", async () => {
  await using cluster = await startSimulatedCluster({ seed: 1 });
  await cluster.client.patch(nodes, undefined, "n2", "merge", { spec: { unschedulable: true } });
  await createSet(cluster, {});
  const { metadata, status } = await rolledOut(cluster, 3);
  assert.deepEqual(status, {
    currentNumberScheduled: 3,
    numberMisscheduled: 0,
    desiredNumberScheduled: 3,
    numberReady: 3,
    observedGeneration: 1,
    updatedNumberScheduled: 3,
    numberAvailable: 3,
  });
  const [pod] = cluster.pods.list("default");
  const { items: revisions } = await cluster.client.list<ControllerRevision>(controllerrevisions, {
    namespace: "default",
  });
  const hash = revisions[0]?.metadata.labels?.["controller-revision-hash"];
  assert.equal(revisions[0]?.metadata.name, `agent-${hash}`);
  assert.deepEqual(pod?.metadata.labels, {
    app: "agent",
    "controller-revision-hash": hash,
    "pod-template-generation": "1",
  });
  assert.equal(pod.metadata.ownerReferences?.[0]?.uid, metadata.uid);
  assert.deepEqual(
    pod.spec.tolerations?.map(({ key, effect, tolerationSeconds }) => [key, effect, tolerationSeconds]),
    [
      ["node.kubernetes.io/not-ready", "NoExecute", undefined],
      ["node.kubernetes.io/unreachable", "NoExecute", undefined],
      ["node.kubernetes.io/disk-pressure", "NoSchedule", undefined],
      ["node.kubernetes.io/memory-pressure", "NoSchedule", undefined],
      ["node.kubernetes.io/pid-pressure", "NoSchedule", undefined],
      ["node.kubernetes.io/unschedulable", "NoSchedule", undefined],
    ],
  );
  await createNode(cluster.client, "n4");
  await rolledOut(cluster, 4);
  await cluster.client.delete(podType, "default", pod.metadata.name);
  await cluster.until("it is replaced", () => {
    const present = cluster.pods.list("default");
    return present.length === 4 && !present.some(({ metadata: { name } }) => name === pod.metadata.name);
  });
});

test("labels and taints say which nodes; what no longer fits goes, unless the taint only keeps others away", async () => {
  await using cluster = await startSimulatedCluster({ seed: 2 });
  const label = (name: string, disk: string | null) =>
    cluster.client.patch(nodes, undefined, name, "merge", { metadata: { labels: { disk } } });
  await label("n1", "ssd");
  await label("n2", "ssd");
  const labels = { app: "agent" };
  await createSet(cluster, {
    template: {
      metadata: { labels },
      spec: { nodeSelector: { disk: "ssd" }, containers: [{ name: "c", image: "agent:1" }] },
    },
  });
  await rolledOut(cluster, 2);
  await label("n2", null);
  await rolledOut(cluster, 1);
  await cluster.until("its pod is gone", () => placed(cluster).join() === "n1 agent:1");
  const taint = (effect: string) =>
    cluster.client.patch(nodes, undefined, "n1", "merge", {
      spec: { taints: [{ key: "only", value: "others", effect }] },
    });
  await taint("NoSchedule");
  await cluster.until("it is not wanted there", async () => {
    const set = await cluster.client.get<DaemonSet>(daemonsets, "default", "agent");
    return set.status?.desiredNumberScheduled === 0 && set.status.numberMisscheduled === 1;
  });
  assert.deepEqual(placed(cluster), ["n1 agent:1"]);
  await taint("NoExecute");
  await cluster.until("it is driven out", () => placed(cluster).length === 0);
});

test("an update takes one node after the other, and keeps the revisions", async () => {
  await using cluster = await startSimulatedCluster({ seed: 3 });
  await createSet(cluster, {});
  await rolledOut(cluster, 3);
  const counts = watchNodes(cluster);
  await setImage(cluster, "agent:2");
  await rolledOut(cluster, 3);
  assert.deepEqual([counts.fewestServed, counts.mostOnOne], [2, 1]);
  await setImage(cluster, "agent:1");
  await rolledOut(cluster, 3);
  assert.deepEqual(placed(cluster), ["n1 agent:1", "n2 agent:1", "n3 agent:1"]);
  const { items } = await cluster.client.list<ControllerRevision>(controllerrevisions, {
    namespace: "default",
  });
  assert.deepEqual(items.map(({ revision }) => revision).toSorted(), [2, 3]);
});

test("with a surge the new pod serves before the old one goes", async () => {
  await using cluster = await startSimulatedCluster({ seed: 4 });
  await createSet(cluster, {
    updateStrategy: { type: "RollingUpdate", rollingUpdate: { maxSurge: 1, maxUnavailable: 0 } },
  });
  await rolledOut(cluster, 3);
  const counts = watchNodes(cluster);
  await setImage(cluster, "agent:2");
  await rolledOut(cluster, 3);
  await cluster.until("the old ones are gone", () => cluster.pods.list("default").length === 3);
  assert.deepEqual([counts.fewestServed, counts.mostOnOne], [3, 2]);
});

test("OnDelete waits until a pod is deleted; a pod that failed is replaced and told of", async () => {
  await using cluster = await startSimulatedCluster({ seed: 5, nodes: 2 });
  await createSet(cluster, { updateStrategy: { type: "OnDelete" } });
  await rolledOut(cluster, 2);
  await setImage(cluster, "agent:2");
  await cluster.until("the template is seen", async () => {
    const { metadata, status } = await cluster.client.get<DaemonSet>(daemonsets, "default", "agent");
    return status?.observedGeneration === metadata.generation;
  });
  assert.deepEqual(placed(cluster), ["n1 agent:1", "n2 agent:1"]);
  const [first, second] = cluster.pods.list("default");
  await cluster.client.delete(podType, "default", first?.metadata.name ?? "");
  await cluster.until("it is new", () => placed(cluster).filter((each) => each.endsWith(":2")).length === 1);
  const name = second?.metadata.name ?? "";
  await cluster.client.patch(podType, "default", name, "merge", { status: { phase: "Failed" } }, "status");
  await rolledOut(cluster, 2);
  const node = second?.spec.nodeName;
  const message = `Found failed daemon pod default/${name} on node ${node}, will try to kill it`;
  await cluster.until("it is told of", async () => {
    const { items } = await cluster.client.list<CoreEvent>(events, { namespace: "default" });
    return items.some((event) => event.reason === "FailedDaemonPod" && event.message === message);
  });
});
