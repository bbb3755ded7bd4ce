import assert from "node:assert/strict";
import { test } from "node:test";
import { resourceTypes, type Endpoints, type EndpointSlice, type Service } from "@seaworthy/kube";
import { startSimulatedCluster } from "../../testing/simulated-cluster.ts";

test("a slice, and the Endpoints, of a Service come back when somebody deletes them", async () => {
  await using cluster = await startSimulatedCluster({ seed: 1 });
  const { client } = cluster;
  await client.create<Service>(resourceTypes.services, {
    apiVersion: "v1",
    kind: "Service",
    metadata: { name: "shop", namespace: "default" },
    spec: { selector: { app: "shop" }, ports: [{ port: 80 }] },
  });
  const labelSelector = "kubernetes.io/service-name=shop";
  const slice = (not?: string) =>
    cluster.until("a slice", async () => {
      const options = { namespace: "default", labelSelector };
      const { items } = await client.list<EndpointSlice>(resourceTypes.endpointslices, options);
      return items.find(({ metadata }) => metadata.uid !== not);
    });
  const endpoints = (not?: string) =>
    cluster.until("the Endpoints", async () => {
      const { items } = await client.list<Endpoints>(resourceTypes.endpoints, { namespace: "default" });
      return items.find(({ metadata }) => metadata.name === "shop" && metadata.uid !== not);
    });
  const [oldSlice, oldEndpoints] = [await slice(), await endpoints()];
  await client.delete(resourceTypes.endpointslices, "default", oldSlice.metadata.name);
  await client.delete(resourceTypes.endpoints, "default", "shop");
  assert.notEqual((await slice(oldSlice.metadata.uid)).metadata.uid, oldSlice.metadata.uid);
  assert.notEqual((await endpoints(oldEndpoints.metadata.uid)).metadata.uid, oldEndpoints.metadata.uid);
});
