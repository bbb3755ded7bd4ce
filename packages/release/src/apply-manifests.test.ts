import assert from "node:assert/strict";
import { test } from "node:test";
import { ApiError, type KubeClient, type ResourceType } from "@seaworthy/client";
import type { Notice } from "@seaworthy/errors";
import type { KubeObject } from "@seaworthy/kube";
import { applyManifests } from "./apply-manifests.ts";

/** A cluster that serves some types and keeps what is created; `log` has every call that changes it. */
function fakeCluster(
  custom: readonly ResourceType[],
  notServed: readonly string[] = [],
  refused: Readonly<Record<string, number>> = {},
) {
  const log: string[] = [];
  const objects = new Map<string, KubeObject>();
  const missing = (name?: string) =>
    new ApiError({ details: name === undefined ? {} : { name } }, 404, "GET");
  const keyOf = (type: ResourceType, namespace: string | undefined, name: string) => {
    if (notServed.includes(type.kind)) throw missing();
    return `${type.plural}.${type.group} ${namespace ?? "-"} ${name}`;
  };
  const client = {
    discover: async (apiVersion: string) =>
      custom.filter(({ group, version }) => `${group}/${version}` === apiVersion),
    async get(type: ResourceType, namespace: string | undefined, name: string) {
      const found = objects.get(keyOf(type, namespace, name));
      if (found === undefined) throw missing(name);
      return found;
    },
    async create(type: ResourceType, object: KubeObject) {
      const key = keyOf(type, object.metadata.namespace, object.metadata.name);
      const code = refused[object.metadata.name];
      if (code !== undefined)
        throw new ApiError({ code, message: `${object.metadata.name} is wrong` }, code, "POST");
      log.push(`create ${key}`);
      objects.set(key, object);
      return object;
    },
    async patch(type: ResourceType, namespace: string | undefined, name: string, patchType: string) {
      const key = keyOf(type, namespace, name);
      log.push(`${patchType} ${key}`);
      return objects.get(key)!;
    },
  };
  return { client: client as unknown as KubeClient, log };
}

const object = (apiVersion: string, kind: string, name: string, spec: object = {}) => ({
  object: { apiVersion, kind, metadata: { name }, spec } as KubeObject,
});

const widgets = {
  group: "example.com",
  version: "v1",
  plural: "widgetries",
  kind: "Widget",
  namespaced: true,
};
const issuers = {
  group: "cert-manager.io",
  version: "v1",
  plural: "clusterissuers",
  kind: "ClusterIssuer",
  namespaced: false,
};

test("a custom kind goes where the cluster says, with a merge patch the second time", async () => {
  const { client, log } = fakeCluster([widgets, issuers]);
  const manifests = [
    object("example.com/v1", "Widget", "w"),
    object("cert-manager.io/v1", "ClusterIssuer", "i"),
  ];
  await applyManifests(client, manifests, { namespace: "shop" });
  await applyManifests(client, manifests.slice(0, 1), { namespace: "shop" });
  assert.deepEqual(log, [
    "create widgetries.example.com shop w",
    "create clusterissuers.cert-manager.io - i",
    "merge widgetries.example.com shop w",
  ]);
});

test("kinds that the cluster does not serve are told with one notice each", async () => {
  const { client } = fakeCluster([], ["ServiceAccount", "LimitRange"]);
  const notices: Notice[] = [];
  const accounts = Array.from({ length: 11 }, (_, index) => object("v1", "ServiceAccount", `a${index}`));
  const others = [
    object("v1", "LimitRange", "l"),
    object("example.com/v1", "Widget", "w"),
    object("v1", "Secret", "s"),
  ];
  const applied = await applyManifests(client, [...accounts, ...others], {
    namespace: "shop",
    onNotice: (notice) => notices.push(notice),
  });
  assert.deepEqual(
    applied.map(({ name }) => name),
    ["s"],
  );
  assert.deepEqual(
    notices.map(({ text, names = [] }) => [text.replace(/^.* serve /, ""), names.length]),
    [
      ["v1 LimitRange", 1],
      ["v1 ServiceAccount", 11],
      ["example.com/v1 Widget", 1],
    ],
  );
});

test("a kind that a CustomResourceDefinition of the same set brings is waited for", async () => {
  const { client, log } = fakeCluster([]);
  const definition = object("apiextensions.k8s.io/v1", "CustomResourceDefinition", "widgetries.example.com", {
    group: "example.com",
    names: { kind: "Widget", plural: "widgetries" },
  });
  let asked = 0;
  const late: KubeClient = { ...client, discover: async () => ((asked += 1) < 3 ? [] : [widgets]) };
  await applyManifests(late, [object("example.com/v1", "Widget", "w"), definition], { namespace: "shop" });
  assert.deepEqual(log, [
    "create customresourcedefinitions.apiextensions.k8s.io - widgetries.example.com",
    "create widgetries.example.com shop w",
  ]);
});

test("an object that is refused does not hold up the others, and all refusals are told", async () => {
  const { client, log } = fakeCluster([], [], { b: 422, c: 403 });
  const objects = ["a", "b", "c", "d"].map((name) => object("v1", "ConfigMap", name));
  await assert.rejects(applyManifests(client, objects, { namespace: "default" }), (error: AggregateError) => {
    assert.deepEqual(
      error.errors.map(({ message }: Error) => message),
      [
        "the Kubernetes API refused ConfigMap b: b is wrong",
        "the Kubernetes API refused ConfigMap c: c is wrong",
      ],
    );
    return true;
  });
  assert.deepEqual(
    log.map((line) => line.at(-1)),
    ["a", "d"],
  );
});

test("one refusal is told alone; someone whom the cluster does not know is told once", async () => {
  const one = fakeCluster([], [], { a: 422 });
  const objects = ["a", "b"].map((name) => object("v1", "ConfigMap", name));
  await assert.rejects(applyManifests(one.client, objects, { namespace: "default" }), { code: "SW3001" });
  const unknown = fakeCluster([], [], { a: 401, b: 401 });
  await assert.rejects(applyManifests(unknown.client, objects, { namespace: "default" }), { code: "SW3001" });
});
