import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { createClient, type KubeClient, type ResourceType } from "@seaworthy/client";
import {
  isConditionTrue,
  resourceTypes,
  type CustomResourceDefinition,
  type KubeObject,
} from "@seaworthy/kube";
import { systemClock } from "../../clock.ts";
import { seededRandom } from "../../random.ts";
import { createApiServer } from "../create-api-server.ts";
import { Store } from "../store/store.ts";
import { refusal, startApi } from "../testing/start-api.ts";

const crds = resourceTypes.customresourcedefinitions;

type Version = CustomResourceDefinition["spec"]["versions"][number];

function version(name: string, more: Partial<Version> = {}, properties: object = {}): Version {
  const spec = { type: "object", properties: { size: { type: "integer" }, ...properties } };
  const openAPIV3Schema = { type: "object", properties: { spec } };
  return { name, served: true, storage: true, schema: { openAPIV3Schema }, ...more };
}

function definition(
  plural: string,
  versions: readonly Version[] = [version("v1")],
  names: object = {},
): CustomResourceDefinition {
  const kind = plural.slice(0, 1).toUpperCase() + plural.slice(1, -1);
  return {
    apiVersion: "apiextensions.k8s.io/v1",
    kind: "CustomResourceDefinition",
    metadata: { name: `${plural}.example.com` },
    spec: { group: "example.com", scope: "Namespaced", names: { plural, kind, ...names }, versions },
  };
}

const boats = (version = "v1"): ResourceType => ({
  group: "example.com",
  version,
  plural: "boats",
  kind: "Boat",
  namespaced: true,
});

function boat(name: string, spec: object = { size: 1 }, metadata: object = {}): KubeObject {
  return {
    apiVersion: "example.com/v1",
    kind: "Boat",
    metadata: { name, namespace: "default", ...metadata },
    spec,
  };
}

async function read(client: KubeClient, name: string): Promise<CustomResourceDefinition> {
  return await client.get<CustomResourceDefinition>(crds, undefined, name);
}

describe("names", () => {
  test("are accepted before the answer is read, and the kind is there", async () => {
    const { client } = await startApi();
    const made = await client.create(crds, definition("boats"));
    assert.deepEqual(made.status?.conditions, null);
    const { status, metadata } = await read(client, "boats.example.com");
    assert.deepEqual(status?.acceptedNames, {
      kind: "Boat",
      listKind: "BoatList",
      plural: "boats",
      singular: "boat",
    });
    assert.deepEqual(
      status.conditions?.map(({ type, status: is, reason }) => [type, is, reason]),
      [
        ["NamesAccepted", "True", "NoConflicts"],
        ["Established", "True", "InitialNamesAccepted"],
      ],
    );
    assert.equal(metadata.generation, 1);
    await client.create(boats(), boat("a"));
  });

  test("that somebody has are not accepted until they are free", async () => {
    const { client } = await startApi();
    await client.create(crds, definition("boats", undefined, { shortNames: ["b"] }));
    await client.create(crds, definition("barks", undefined, { kind: "Boat", shortNames: ["b"] }));
    const waiting = await read(client, "barks.example.com");
    assert.deepEqual(
      waiting.status?.conditions?.map(({ type, status, reason, message }) => [type, status, reason, message]),
      [
        ["NamesAccepted", "False", "ListKindConflict", '"BoatList" is already in use'],
        ["Established", "False", "NotAccepted", "not all names are accepted"],
      ],
    );
    assert.deepEqual(waiting.status.acceptedNames, { kind: "", plural: "barks" });
    const barks = { ...boats(), plural: "barks" };
    assert.equal((await refusal(client.list(barks, { namespace: "default" }))).code, 404);
    await client.delete(crds, undefined, "boats.example.com");
    assert.ok(isConditionTrue(await read(client, "barks.example.com"), "Established"));
    assert.deepEqual((await client.list(barks, { namespace: "default" })).items, []);
  });
});

describe("a change of a definition", () => {
  test("keeps the objects, which are read with the new defaults and without what is no field any more", async () => {
    const { client } = await startApi();
    await client.create(crds, definition("boats", [version("v1", {}, { old: { type: "string" } })]));
    await client.create(boats(), boat("a", { size: 1, old: "x" }));
    const { spec, metadata, status } = await read(client, "boats.example.com");
    const versions = [version("v1", {}, { color: { type: "string", default: "red" } })];
    const changed = {
      ...definition("boats"),
      metadata,
      ...(status === undefined ? {} : { status }),
      spec: { ...spec, versions },
    };
    await client.update(crds, changed);
    assert.deepEqual((await client.get(boats(), "default", "a"))["spec"], { size: 1, color: "red" });
    const patched = await client.patch(boats(), "default", "a", "merge", { spec: { size: 2 } });
    assert.deepEqual([patched["spec"], patched.metadata.generation], [{ size: 2, color: "red" }, 2]);
    assert.equal((await read(client, "boats.example.com")).metadata.generation, 2);
  });

  test("may store another version: objects of the older one stay, and their version may not go", async () => {
    const { client } = await startApi();
    const v1 = version("v1", {}, { color: { type: "string", default: "red" } });
    const v2 = version(
      "v2",
      { storage: false },
      { color: { type: "string" }, load: { type: "integer", default: 7 } },
    );
    await client.create(crds, definition("boats", [v1, v2]));
    await client.create(boats(), boat("a"));
    const begin = await read(client, "boats.example.com");
    const flipped = [
      { ...v1, storage: false },
      { ...v2, storage: true },
    ];
    await client.update(crds, { ...begin, spec: { ...begin.spec, versions: flipped } });
    const after = await read(client, "boats.example.com");
    assert.deepEqual(after.status?.storedVersions, ["v1", "v2"]);
    // The object is still stored as v1, so that it gets the defaults of v1 and none of v2.
    assert.deepEqual((await client.get(boats("v2"), "default", "a"))["spec"], { size: 1, color: "red" });
    const rewritten = await client.patch(boats("v2"), "default", "a", "merge", { spec: { size: 2 } });
    assert.deepEqual(rewritten["spec"], { size: 2, color: "red", load: 7 });
    const gone = { ...after, spec: { ...after.spec, versions: [{ ...v2, storage: true }] } };
    assert.match(
      (await refusal(client.update(crds, gone))).message,
      /status.storedVersions\[0\]: Invalid value: "v1": missing from spec.versions; v1 was previously a storage version/,
    );
  });

  test("cannot change what objects are stored under", async () => {
    const { client } = await startApi();
    await client.create(crds, definition("boats"));
    const made = await read(client, "boats.example.com");
    const changed = {
      ...made,
      spec: { ...made.spec, scope: "Cluster", names: { ...made.spec.names, kind: "Ship" } },
    };
    const { message } = await refusal(client.update(crds, changed));
    assert.match(message, /spec.scope: Invalid value: "Cluster": field is immutable/);
    assert.match(message, /spec.names.kind: Invalid value: "Ship": field is immutable/);
  });

  test("takes a version out of discovery that is served no more", async () => {
    const { client } = await startApi();
    const versions = [version("v1"), version("v1beta1", { storage: false })];
    await client.create(crds, definition("boats", versions));
    assert.equal((await client.discover("example.com/v1beta1")).length, 1);
    const made = await read(client, "boats.example.com");
    const unserved = [version("v1"), version("v1beta1", { storage: false, served: false })];
    await client.update(crds, { ...made, spec: { ...made.spec, versions: unserved } });
    assert.equal((await client.discover("example.com/v1beta1")).length, 0);
    assert.equal((await refusal(client.list(boats("v1beta1"), { namespace: "default" }))).code, 404);
  });
});

describe("a deletion of a definition", () => {
  test("takes the objects with it, and waits for those with finalizers, of which none may be made anew", async () => {
    const { client } = await startApi();
    await client.create(crds, definition("boats"));
    await client.create(boats(), boat("free"));
    await client.create(boats(), boat("held", { size: 1 }, { finalizers: ["example.com/hold"] }));
    await client.delete(crds, undefined, "boats.example.com");
    const deleting = await read(client, "boats.example.com");
    assert.deepEqual(deleting.metadata.finalizers, ["customresourcecleanup.apiextensions.k8s.io"]);
    const terminating = deleting.status?.conditions?.find(({ type }) => type === "Terminating");
    assert.deepEqual([terminating?.status, terminating?.reason], ["True", "InstanceDeletionInProgress"]);
    const { items } = await client.list(boats(), { namespace: "default" });
    assert.deepEqual(
      items.map(({ metadata }) => metadata.name),
      ["held"],
    );
    assert.deepEqual(await refusal(client.create(boats(), boat("new"))), {
      code: 403,
      reason: "Forbidden",
      message:
        'boats.example.com "new" is forbidden: create not allowed while custom resource definition is terminating',
    });
    await client.patch(boats(), "default", "held", "merge", { metadata: { finalizers: null } });
    assert.equal((await refusal(read(client, "boats.example.com"))).code, 404);
    assert.equal((await refusal(client.list(boats(), { namespace: "default" }))).code, 404);
    await client.create(crds, definition("boats"));
    assert.deepEqual((await client.list(boats(), { namespace: "default" })).items, []);
  });

  test("of one that was never established is over at once", async () => {
    const { client } = await startApi();
    await client.create(crds, definition("boats"));
    await client.create(crds, definition("barks", undefined, { kind: "Boat" }));
    await client.delete(crds, undefined, "barks.example.com");
    assert.equal((await refusal(read(client, "barks.example.com"))).code, 404);
    assert.ok(isConditionTrue(await read(client, "boats.example.com"), "Established"));
  });
});

test("an API server that begins with a store that has definitions serves their kinds, and goes on with what was begun", async () => {
  const store = new Store();
  const serve = () => {
    return createClient(createApiServer({ store, clock: systemClock, random: seededRandom(1) }).transport);
  };
  const first = serve();
  const namespace = { apiVersion: "v1", kind: "Namespace", metadata: { name: "default" } };
  await first.create(resourceTypes.namespaces, namespace);
  await first.create(crds, definition("boats"));
  await first.create(boats(), boat("held", { size: 1 }, { finalizers: ["example.com/hold"] }));
  await first.delete(crds, undefined, "boats.example.com");
  const second = serve();
  assert.equal((await second.list(boats(), { namespace: "default" })).items.length, 1);
  await second.patch(boats(), "default", "held", "merge", { metadata: { finalizers: null } });
  assert.equal((await refusal(read(second, "boats.example.com"))).code, 404);
});
