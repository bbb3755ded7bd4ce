import assert from "node:assert/strict";
import { test } from "node:test";
import { resourceTypes, type ConfigMap, type Namespace } from "@seaworthy/kube";
import { startSimulatedCluster } from "../../testing/simulated-cluster.ts";

test("every namespace gets kube-root-ca.crt, those that come later too", async () => {
  await using cluster = await startSimulatedCluster({ seed: 3 });
  const later: Namespace = { apiVersion: "v1", kind: "Namespace", metadata: { name: "later" } };
  await cluster.client.create(resourceTypes.namespaces, later);
  for (const namespace of ["default", "later"]) {
    const found = await cluster.until(`${namespace} has it`, async () => {
      const { items } = await cluster.client.list<ConfigMap>(resourceTypes.configmaps, { namespace });
      return items.find(({ metadata }) => metadata.name === "kube-root-ca.crt") ?? false;
    });
    assert.match(found.data?.["ca.crt"] ?? "", /^-----BEGIN CERTIFICATE-----/);
  }
});

test("it comes back when somebody deletes or empties it", async () => {
  await using cluster = await startSimulatedCluster({ seed: 3 });
  const { client } = cluster;
  const type = resourceTypes.configmaps;
  const isThere = async () => {
    const { items } = await client.list<ConfigMap>(type, { namespace: "default" });
    const found = items.find(({ metadata }) => metadata.name === "kube-root-ca.crt");
    return (found?.data?.["ca.crt"] ?? "") !== "";
  };
  await cluster.until("it is there", isThere);
  await client.delete(type, "default", "kube-root-ca.crt");
  await cluster.until("it is there again", isThere);
  const emptied = { data: { "ca.crt": "" } };
  const { data } = await client.patch<ConfigMap>(type, "default", "kube-root-ca.crt", "merge", emptied);
  assert.deepEqual(data, emptied.data);
  await cluster.until("it is whole again", isThere);
});
