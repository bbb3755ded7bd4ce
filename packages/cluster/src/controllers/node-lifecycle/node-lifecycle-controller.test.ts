import assert from "node:assert/strict";
import { test } from "node:test";
import { resourceTypes, timestamp, type CoreEvent, type Node, type Pod } from "@seaworthy/kube";
import { simulatedDeployment, startSimulatedCluster } from "../../testing/simulated-cluster.ts";

const { nodes, pods, events, deployments } = resourceTypes;
const off = { metadata: { annotations: { "seaworthy.dev/power": "off" } } };
const on = { metadata: { annotations: { "seaworthy.dev/power": null } } };

test("the pods of a node that falls silent are not ready, then replaced; they go when it is back", async () => {
  await using cluster = await startSimulatedCluster({ seed: 1, speed: 100, heartbeats: true });
  const { client } = cluster;
  const spec = {
    containers: [{ name: "c", image: "web:1" }],
    tolerations: [
      {
        key: "node.kubernetes.io/unreachable",
        operator: "Exists",
        effect: "NoExecute",
        tolerationSeconds: 60,
      },
    ],
  };
  const deployment = simulatedDeployment("web", "web:1", { replicas: 3 });
  deployment.spec.template.spec = spec;
  await client.create(deployments, deployment);
  const ready = () =>
    cluster.pods.list("default").filter((pod) => condition(pod, "Ready")?.status === "True");
  await cluster.until("all run", () => ready().length === 3);
  const lost = ready()[0]!;
  const nodeName = lost.spec.nodeName ?? "";
  await client.patch(nodes, undefined, nodeName, "merge", off);

  const silent = await cluster.until("the node is lost", async () => {
    const node = await client.get<Node>(nodes, undefined, nodeName);
    return node.spec?.taints?.length === 2 && node;
  });
  const told = silent.status?.conditions?.find(({ type }) => type === "Ready");
  assert.deepEqual([told?.status, told?.reason], ["Unknown", "NodeStatusUnknown"]);
  assert.deepEqual(silent.spec?.taints?.map(({ key, effect }) => `${key}:${effect}`).toSorted(), [
    "node.kubernetes.io/unreachable:NoExecute",
    "node.kubernetes.io/unreachable:NoSchedule",
  ]);
  await cluster.until("its pod is not ready", () => {
    const pod = cluster.pods.get("default", lost.metadata.name);
    return pod !== undefined && condition(pod, "Ready")?.status === "False";
  });
  await cluster.until(
    "it is replaced",
    () => ready().filter(({ spec: { nodeName: at } }) => at !== nodeName).length === 3,
  );
  // Nobody is there to end it.
  const leaving = await client.get<Pod>(pods, "default", lost.metadata.name);
  assert.notEqual(leaving.metadata.deletionTimestamp, undefined);
  assert.equal(condition(leaving, "DisruptionTarget")?.reason, "DeletionByTaintManager");

  await client.patch(nodes, undefined, nodeName, "merge", on);
  const back = (await client.get<Node>(nodes, undefined, nodeName)).status?.conditions ?? [];
  const conditions = back.map((each) =>
    each.type === "Ready"
      ? { ...each, status: "True", lastHeartbeatTime: timestamp(cluster.clock.now()) }
      : each,
  );
  await client.patch(nodes, undefined, nodeName, "merge", { status: { conditions } }, "status");
  await client.delete(pods, "default", lost.metadata.name, { gracePeriodSeconds: 0 });
  await cluster.until("the taints are gone", async () => {
    const node = await client.get<Node>(nodes, undefined, nodeName);
    return (node.spec?.taints ?? []).length === 0;
  });
  const all = (await client.list<CoreEvent>(events)).items;
  const reasons = new Set(all.map(({ reason }) => reason));
  for (const reason of ["RegisteredNode", "NodeNotReady", "TaintManagerEviction"])
    assert.ok(reasons.has(reason), `${reason} is not among ${[...reasons].join()}`);
});

test("a cordon is a taint, and one that drives pods off is heeded by how long they tolerate it", async () => {
  await using cluster = await startSimulatedCluster({ seed: 2, speed: 100 });
  const { client } = cluster;
  const pod = (name: string, seconds?: number): Pod => ({
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name, namespace: "default" },
    spec: {
      containers: [{ name: "c", image: "web:1" }],
      nodeName: "n1",
      tolerations:
        name === "unwilling"
          ? []
          : [
              {
                key: "leave",
                operator: "Exists",
                effect: "NoExecute",
                ...(seconds === undefined ? {} : { tolerationSeconds: seconds }),
              },
            ],
    },
  });
  for (const each of [pod("unwilling"), pod("for-a-while", 100), pod("for-good")])
    await client.create(pods, each);
  await cluster.until("all run", () =>
    cluster.pods.list("default").every((each) => each.status?.phase === "Running"),
  );
  await client.patch(nodes, undefined, "n1", "merge", { spec: { unschedulable: true } });
  const cordoned = await cluster.until("the cordon is a taint", async () => {
    const node = await client.get<Node>(nodes, undefined, "n1");
    return node.spec?.taints?.length === 1 && node;
  });
  assert.equal(cordoned.spec?.taints?.[0]?.key, "node.kubernetes.io/unschedulable");

  const gone: string[] = [];
  cluster.pods.onChange(({ type, object }) => {
    if (type === "deleted") gone.push(object.metadata.name);
  });
  const taints = [...(cordoned.spec?.taints ?? []), { key: "leave", effect: "NoExecute" }];
  await client.patch(nodes, undefined, "n1", "merge", { spec: { taints } });
  await cluster.until("two are gone", () => gone.length === 2);
  assert.deepEqual(gone, ["unwilling", "for-a-while"]);
  assert.notEqual(cluster.pods.get("default", "for-good"), undefined);
});

function condition(pod: Pod, type: string) {
  return pod.status?.conditions?.find((each) => each.type === type);
}
