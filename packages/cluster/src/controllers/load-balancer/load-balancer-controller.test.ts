import assert from "node:assert/strict";
import { test } from "node:test";
import { resourceTypes, type Service } from "@seaworthy/kube";
import { startSimulatedCluster } from "../../testing/simulated-cluster.ts";

const type = resourceTypes.services;

test("load balancers get an address each, which goes with the type and is given again; a class is somebody else's", async () => {
  await using cluster = await startSimulatedCluster({ seed: 1 });
  const { client } = cluster;
  const create = (name: string, spec: Partial<Service["spec"]> = {}) =>
    client.create<Service>(type, {
      apiVersion: "v1",
      kind: "Service",
      metadata: { name, namespace: "default" },
      spec: { type: "LoadBalancer", ports: [{ port: 80 }], ...spec },
    });
  const addressOf = async (name: string) =>
    (await client.get<Service>(type, "default", name)).status?.loadBalancer?.ingress?.[0]?.ip;
  const given = (name: string) => cluster.until(name, () => addressOf(name));

  await create("classy", { loadBalancerClass: "example.com/other" });
  await create("one");
  await create("two");
  const [one, two] = [await given("one"), await given("two")];
  assert.deepEqual([one, two].toSorted(), ["10.245.1.1", "10.245.1.2"]);
  assert.equal(await addressOf("classy"), undefined);

  await client.patch(type, "default", "one", "merge", { spec: { type: "ClusterIP" } });
  await cluster.until("it is taken back", async () => (await addressOf("one")) === undefined);
  await create("three");
  assert.equal(await given("three"), one);
  assert.equal(await addressOf("two"), two);
});
