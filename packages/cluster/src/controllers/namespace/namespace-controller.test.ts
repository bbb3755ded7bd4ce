import assert from "node:assert/strict";
import { test } from "node:test";
import { resourceTypes, type ConfigMap, type KubeObject, type Namespace, type Pod } from "@seaworthy/kube";
import { startSimulatedCluster } from "../../testing/simulated-cluster.ts";

const { namespaces, pods, configmaps } = resourceTypes;

test("nothing of a namespace goes before its last pod has gone", async () => {
  await using cluster = await startSimulatedCluster({ seed: 1 });
  const { client } = cluster;
  const namespace = "team";
  await client.create<Namespace>(namespaces, {
    apiVersion: "v1",
    kind: "Namespace",
    metadata: { name: namespace },
  });
  await client.create<Pod>(pods, {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name: "held", namespace, finalizers: ["example.com/held"] },
    spec: { containers: [{ name: "c", image: "c:1" }] },
  });
  await client.create<ConfigMap>(configmaps, {
    apiVersion: "v1",
    kind: "ConfigMap",
    metadata: { name: "kept", namespace },
  });

  await client.delete(namespaces, undefined, namespace);
  await cluster.until("the controller has been there", async () => {
    const { status } = await client.get<Namespace>(namespaces, undefined, namespace);
    const pod = await client.get<KubeObject>(pods, namespace, "held");
    return status?.conditions !== undefined && pod.metadata.deletionTimestamp !== undefined;
  });
  const kept = await client.get<ConfigMap>(configmaps, namespace, "kept");
  assert.equal(kept.metadata.deletionTimestamp, undefined);

  await client.patch(pods, namespace, "held", "merge", { metadata: { finalizers: null } });
  await cluster.until("it is gone", async () => {
    const { items } = await client.list(namespaces);
    return !items.some(({ metadata }) => metadata.name === namespace);
  });
});
