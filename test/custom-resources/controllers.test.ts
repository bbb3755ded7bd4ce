import assert from "node:assert/strict";
import { test } from "node:test";
import { createClient, type KubeClient, type ResourceType } from "@seaworthy/client";
import { createKinds, resourceTypes, type KubeObject } from "@seaworthy/kube";
import { createApiServer } from "../../packages/cluster/src/apiserver/create-api-server.ts";
import { systemClock } from "../../packages/cluster/src/clock.ts";
import { seedCluster } from "../../packages/cluster/src/controllers/seed-cluster.ts";
import { startControllers } from "../../packages/cluster/src/controllers/start-controllers.ts";
import { seededRandom } from "../../packages/cluster/src/random.ts";
import { readDefinitions } from "./read-cases.ts";
import { noFolders } from "../../packages/cluster/src/testing/no-folders.ts";

const boats: ResourceType = {
  group: "cases.example.com",
  version: "v1",
  plural: "boats",
  kind: "Boat",
  namespaced: true,
};

function boat(name: string, namespace: string): KubeObject {
  const metadata = { name, namespace };
  return { apiVersion: "cases.example.com/v1", kind: "Boat", metadata, spec: { size: 1 } };
}

/** Resolves when a watch tells that an object has gone. */
async function gone(client: KubeClient, type: ResourceType, name: string, namespace?: string): Promise<void> {
  const where = namespace === undefined ? {} : { namespace };
  const { items, resourceVersion } = await client.list(type, where);
  if (!items.some(({ metadata }) => metadata.name === name)) return;
  const signal = AbortSignal.timeout(20_000);
  for await (const { type: event, object } of client.watch(type, { ...where, resourceVersion, signal }))
    if (event === "DELETED" && object.metadata.name === name) return;
  assert.fail(`${name} is still there`);
}

test("the garbage collector and the namespace controller know a kind that came while they ran", async () => {
  const kinds = createKinds();
  const { transport, signer } = createApiServer({ kinds, clock: systemClock, random: seededRandom(1) });
  const client = createClient(transport);
  await seedCluster(client, { clock: systemClock });
  await using _controllers = await startControllers({
    connect: () => client,
    clock: systemClock,
    signer,
    kinds,
    random: seededRandom(1),
    folders: noFolders,
  });
  for (const definition of readDefinitions())
    await client.create(resourceTypes.customresourcedefinitions, definition);

  const owner = await client.create(boats, boat("owner", "default"));
  const { apiVersion, kind, metadata } = owner;
  const ownerReferences = [{ apiVersion, kind, name: metadata.name, uid: metadata.uid ?? "" }];
  const owned = {
    apiVersion: "v1",
    kind: "ConfigMap",
    metadata: { name: "owned", namespace: "default", ownerReferences },
  };
  await client.create(resourceTypes.configmaps, owned);
  await client.delete(boats, "default", "owner", { propagationPolicy: "Background" });
  await gone(client, resourceTypes.configmaps, "owned", "default");

  const namespace = { apiVersion: "v1", kind: "Namespace", metadata: { name: "fleet" } };
  await client.create(resourceTypes.namespaces, namespace);
  await client.create(boats, boat("a", "fleet"));
  await client.delete(resourceTypes.namespaces, undefined, "fleet");
  await gone(client, resourceTypes.namespaces, "fleet");
  assert.deepEqual((await client.list(boats)).items, []);
});
