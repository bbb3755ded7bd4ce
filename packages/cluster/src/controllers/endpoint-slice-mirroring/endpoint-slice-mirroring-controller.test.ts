import assert from "node:assert/strict";
import { test } from "node:test";
import { resourceTypes, type Endpoints, type EndpointSlice, type Service } from "@seaworthy/kube";
import { startSimulatedCluster } from "../../testing/simulated-cluster.ts";

const { services, endpoints, endpointslices } = resourceTypes;

test("Endpoints of a Service without selector are mirrored as they change, until it has a selector or they go", async () => {
  await using cluster = await startSimulatedCluster({ seed: 1 });
  const { client } = cluster;
  const slices = async (name = "db") => {
    const labelSelector = `kubernetes.io/service-name=${name}`;
    return (await client.list<EndpointSlice>(endpointslices, { namespace: "default", labelSelector })).items;
  };
  const until = (what: string, matches: (found: EndpointSlice[]) => boolean) =>
    cluster.until(what, async () => {
      const found = await slices();
      return matches(found) ? found : undefined;
    });
  const service = async (name: string) =>
    await client.create<Service>(services, {
      apiVersion: "v1",
      kind: "Service",
      metadata: { name, namespace: "default" },
      spec: { ports: [{ port: 5432 }] },
    });
  const byHand = (name: string, ip: string, labels: Record<string, string> = {}): Endpoints => ({
    apiVersion: "v1",
    kind: "Endpoints",
    metadata: { name, namespace: "default", labels },
    subsets: [{ addresses: [{ ip }], ports: [{ port: 5432, protocol: "TCP" }] }],
  });

  await service("left-alone");
  await client.create(
    endpoints,
    byHand("left-alone", "192.0.2.9", { "endpointslice.kubernetes.io/skip-mirror": "true" }),
  );
  // The Endpoints may come first.
  await client.create(endpoints, byHand("db", "192.0.2.1"));
  await service("db");
  const [made] = await until("a slice", (found) => found.length === 1);
  assert.deepEqual(made?.endpoints?.[0]?.addresses, ["192.0.2.1"]);
  assert.deepEqual(await slices("left-alone"), []);

  await client.patch(endpoints, "default", "db", "merge", { subsets: byHand("db", "192.0.2.2").subsets });
  const [changed] = await until(
    "its change",
    ([slice]) => slice?.endpoints?.[0]?.addresses[0] === "192.0.2.2",
  );
  assert.equal(changed?.metadata.name, made?.metadata.name);

  // What somebody takes away comes back.
  await client.delete(endpointslices, "default", changed?.metadata.name ?? "");
  const again = await until(
    "another",
    ([slice]) => slice !== undefined && slice.metadata.uid !== made?.metadata.uid,
  );
  assert.equal(again.length, 1);

  await client.patch(services, "default", "db", "merge", { spec: { selector: { app: "db" } } });
  await until(
    "that of the pods alone",
    (found) =>
      found.every(
        ({ metadata }) =>
          metadata.labels?.["endpointslice.kubernetes.io/managed-by"] === "endpointslice-controller.k8s.io",
      ) && found.length === 1,
  );
});
