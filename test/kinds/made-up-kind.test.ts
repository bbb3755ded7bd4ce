import assert from "node:assert/strict";
import { test } from "node:test";
import { createClient, type KubeClient } from "@seaworthy/client";
import { createKinds, resourceTypes, servedKinds, servedTypes, type KubeObject } from "@seaworthy/kube";
import { applyManifests } from "@seaworthy/release";
import { createApiServer } from "../../packages/cluster/src/apiserver/create-api-server.ts";
import { systemClock } from "../../packages/cluster/src/clock.ts";
import { seedCluster } from "../../packages/cluster/src/controllers/seed-cluster.ts";
import { startControllers } from "../../packages/cluster/src/controllers/start-controllers.ts";
import { seededRandom } from "../../packages/cluster/src/random.ts";
import { gadgetKind } from "./gadget-kind.ts";
import { noFolders } from "../../packages/cluster/src/testing/no-folders.ts";

const [gadgets, oldGadgets] = servedTypes(gadgetKind) as [ServedGadgets, ServedGadgets];
type ServedGadgets = ReturnType<typeof servedTypes>[number];

function gadget(name: string, spec: object = { size: 1 }, metadata: object = {}): KubeObject {
  return {
    apiVersion: "toys.example/v2",
    kind: "Gadget",
    metadata: { name, namespace: "default", ...metadata },
    spec,
  };
}

async function startServer() {
  const kinds = createKinds();
  const { transport, signer } = createApiServer({
    kinds,
    clock: systemClock,
    random: seededRandom(1),
  });
  const client = createClient(transport);
  await seedCluster(client, { clock: systemClock });
  const get = async (path: string, accept = "application/json") => {
    const { status, body } = await transport({
      method: "GET",
      path,
      query: new URLSearchParams(),
      headers: { accept },
    });
    return { status, body: JSON.parse(String(body)) as never };
  };
  return { kinds, client, get, signer };
}

/** Resolves as soon as `read` gives something; it is asked after each change of any gadget or namespace. */
async function gone(client: KubeClient, name: string): Promise<void> {
  const signal = AbortSignal.timeout(10_000);
  const { items, resourceVersion } = await client.list(gadgets, { namespace: "default" });
  if (!items.some(({ metadata }) => metadata.name === name)) return;
  for await (const { type, object } of client.watch(gadgets, {
    namespace: "default",
    resourceVersion,
    signal,
  }))
    if (type === "DELETED" && object.metadata.name === name) return;
  assert.fail(`${name} is still there`);
}

test("a kind of one file is discovered, in each of its versions", async () => {
  const { kinds, get } = await startServer();
  assert.equal((await get("/apis/toys.example/v2")).status, 404);
  const remove = kinds.add(gadgetKind);
  const group = (await get("/apis/toys.example")).body as { versions: { version: string }[] };
  assert.deepEqual(
    group.versions.map(({ version }) => version),
    ["v2", "v1beta1"],
  );
  const list = (await get("/apis/toys.example/v2")).body as { resources: Record<string, unknown>[] };
  assert.deepEqual(
    list.resources.map(({ name, kind, shortNames, categories }) => [name, kind, shortNames, categories]),
    [
      ["gadgets", "Gadget", ["gd"], ["all"]],
      ["gadgets/status", "Gadget", undefined, undefined],
    ],
  );
  const openApi = (await get("/openapi/v3")).body as { paths: object };
  assert.ok("apis/toys.example/v1beta1" in openApi.paths);
  remove();
  assert.equal((await get("/apis/toys.example/v2")).status, 404);
  assert.equal((await get("/apis/toys.example/v2/gadgets")).status, 404);
});

test("it has its defaults, its rules, its warnings, its generation and its selectable fields", async () => {
  const { kinds, client } = await startServer();
  kinds.add(gadgetKind);
  const made = await client.create(gadgets, gadget("a"));
  assert.deepEqual([made["spec"], made.metadata.generation], [{ size: 1, color: "red" }, 1]);
  await assert.rejects(client.create(gadgets, gadget("b", { size: 0 })), {
    message: 'Gadget.toys.example "b" is invalid: spec.size: Invalid value: 0: must be at least 1',
  });
  const patched = await client.patch(gadgets, "default", "a", "merge", { spec: { size: 2 } });
  assert.equal(patched.metadata.generation, 2);
  await assert.rejects(
    client.patch(gadgets, "default", "a", "merge", { spec: { color: "blue" } }),
    /spec.color: field is immutable/,
  );
  const status = await client.patch(gadgets, "default", "a", "merge", { status: { on: true } }, "status");
  assert.deepEqual([status["status"], status.metadata.generation], [{ on: true }, 2]);
  await client.create(gadgets, gadget("c", { size: 1, color: "blue" }));
  const { items } = await client.list(gadgets, { namespace: "default", fieldSelector: "spec.color=blue" });
  assert.deepEqual(
    items.map(({ metadata }) => metadata.name),
    ["c"],
  );
});

test("its versions show the same objects", async () => {
  const { kinds, client } = await startServer();
  kinds.add(gadgetKind);
  await client.create(oldGadgets, { ...gadget("a"), apiVersion: "toys.example/v1beta1" });
  assert.equal((await client.get(gadgets, "default", "a")).apiVersion, "toys.example/v2");
  const old = await client.patch(oldGadgets, "default", "a", "merge", { spec: { size: 3 } });
  assert.deepEqual([old.apiVersion, old["spec"]], ["toys.example/v1beta1", { size: 3, color: "red" }]);
  assert.deepEqual((await client.list(oldGadgets, { namespace: "default" })).items.length, 1);
});

test("kubectl get shows its columns, and a kind without any shows name and age", async () => {
  const { kinds, client, get } = await startServer();
  const plain = { ...gadgetKind, kind: "Widget", plural: "widgets", columns: undefined };
  kinds.add(gadgetKind);
  kinds.add(plain as never);
  await client.create(gadgets, gadget("a"));
  const columnsOf = async (plural: string) => {
    const { body } = await get(
      `/apis/toys.example/v2/namespaces/default/${plural}`,
      "application/json;as=Table;v=v1;g=meta.k8s.io",
    );
    const table = body as { columnDefinitions: { name: string }[]; rows: { cells: unknown[] }[] };
    return {
      names: table.columnDefinitions.map(({ name }) => name),
      rows: table.rows.map(({ cells }) => cells),
    };
  };
  const { names, rows } = await columnsOf("gadgets");
  assert.deepEqual(names, ["Name", "Color", "Age"]);
  assert.deepEqual(rows[0]?.slice(0, 2), ["a", "red"]);
  assert.deepEqual((await columnsOf("widgets")).names, ["Name", "Age"]);
});

test("it is applied among built-in kinds, twice", async () => {
  const { kinds, client } = await startServer();
  kinds.add(gadgetKind);
  const settings = { apiVersion: "v1", kind: "ConfigMap", metadata: { name: "settings" }, data: { a: "1" } };
  const manifests = [gadget("a", { size: 4 }), settings].map((object) => ({
    object,
    locate: () => undefined,
  }));
  const options = {
    namespace: "default",
    onNotice: (notice: unknown) => assert.fail(JSON.stringify(notice)),
  };
  await applyManifests(client, manifests as never, options);
  await applyManifests(client, [{ ...manifests[0]!, object: gadget("a", { size: 5 }) }] as never, options);
  assert.deepEqual((await client.get(gadgets, "default", "a"))["spec"], { size: 5, color: "red" });
});

test("controllers follow a kind that comes later: owners and namespaces take its objects along", async () => {
  const { kinds, client, signer } = await startServer();
  await using _controllers = await startControllers({
    connect: () => client,
    clock: systemClock,
    signer,
    kinds,
    random: seededRandom(1),
    folders: noFolders,
  });
  const remove = kinds.add(gadgetKind);
  const owner = await client.create(gadgets, gadget("owner"));
  const reference = {
    apiVersion: "toys.example/v2",
    kind: "Gadget",
    name: "owner",
    uid: owner.metadata.uid ?? "",
  };
  await client.create(gadgets, gadget("owned", { size: 1 }, { ownerReferences: [reference] }));
  await client.delete(gadgets, "default", "owner");
  await gone(client, "owned");
  const namespace = { apiVersion: "v1", kind: "Namespace", metadata: { name: "toys" } };
  await client.create(resourceTypes.namespaces, namespace);
  await client.create(gadgets, gadget("a", { size: 1 }, { namespace: "toys" }));
  const signal = AbortSignal.timeout(10_000);
  const { resourceVersion } = await client.list(resourceTypes.namespaces);
  await client.delete(resourceTypes.namespaces, undefined, "toys");
  for await (const { type, object } of client.watch(resourceTypes.namespaces, { resourceVersion, signal }))
    if (type === "DELETED" && object.metadata.name === "toys") break;
  assert.deepEqual((await client.list(gadgets)).items, []);
  remove();
});

test("a kind that is there already is not taken twice", () => {
  const kinds = createKinds([...servedKinds, gadgetKind]);
  assert.throws(() => kinds.add(gadgetKind), /toys.example\/v2\/Gadget is served already/);
});
