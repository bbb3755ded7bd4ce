import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { resourceTypes, type ConfigMap, type Deployment, type Pod } from "@seaworthy/kube";
import { ask, until } from "./ask.ts";
import { noKubectl, startUp, type System } from "./start-up.ts";

/** The examples that are one service each, on one cluster. */
describe("examples of one service", { timeout: 90_000 }, () => {
  let system: System;
  before(async () => {
    const names = ["httpserver-basic", "simple-server", "multiroute"];
    // One file of settings counts, so the images of the others are named here.
    const run = ["simple-server", "multiroute"].flatMap((name) => [
      "--run",
      `registry.example/${name}=${process.execPath} ${import.meta.dirname}/../../apps/httpserver/src/main.mjs`,
    ]);
    system = await startUp(...names.map((name) => `examples/${name}`), ...run);
  });
  after(() => system[Symbol.asyncDispose]());

  const atEdge = (host: string, path: string) =>
    ask(`http://127.0.0.1:${system.port}${path}`, { headers: { host } });
  const podsOf = async (app: string) =>
    (await system.client.list<Pod>(resourceTypes.pods, { labelSelector: `app=${app}` })).items;

  test("httpserver-basic answers through the port of the nodes, by its two ConfigMaps", async () => {
    assert.equal((await ask("http://127.0.0.1:30001/healthz")).status, 200);
    const { text } = await ask("http://127.0.0.1:30001/hello");
    assert.equal(text, "Hello, You are at /hello, Got: a greeting from the ConfigMap");
    const pods = await podsOf("httpserver");
    assert.deepEqual(
      pods.map(({ status }) => status?.qosClass),
      ["Guaranteed", "Guaranteed", "Guaranteed", "Guaranteed"],
    );
  });

  test("simple-server stays apart, and says on its way down that it lost nothing", async () => {
    const { headers } = await atEdge("simple-server.localhost", "/");
    assert.equal(headers["version"], "1.0");
    const pods = await podsOf("simple-server");
    assert.equal(new Set(pods.map(({ spec }) => spec.nodeName)).size, 2);
    const ends = pods.map(({ metadata }) => lastLine(metadata.name));
    const { deployments } = resourceTypes;
    await system.client.patch(deployments, "default", "simple-server", "merge", { spec: { replicas: 0 } });
    for (const end of await Promise.all(ends)) {
      const { msg, reason, cut } = JSON.parse(end) as {
        msg: string;
        reason: string;
        cut: { requests: number };
      };
      assert.deepEqual([msg, reason, cut.requests], ["stopped", "SIGTERM", 0]);
    }
  });

  test("simple-server with required anti-affinity has no place for more pods than nodes", async () => {
    const { deployments, pods } = resourceTypes;
    const { spec } = await system.client.get<Deployment>(deployments, "default", "simple-server");
    const [preferred] =
      spec.template.spec.affinity?.podAntiAffinity?.preferredDuringSchedulingIgnoredDuringExecution ?? [];
    const required = [preferred?.podAffinityTerm];
    const podAntiAffinity = { requiredDuringSchedulingIgnoredDuringExecution: required };
    const patch = { spec: { replicas: 4, template: { spec: { affinity: { podAntiAffinity } } } } };
    await system.client.patch(deployments, "default", "simple-server", "merge", patch);
    const waiting = await until(async () => {
      const { items } = await system.client.list<Pod>(pods, { labelSelector: "app=simple-server" });
      const placed = items.filter(({ spec: { nodeName } }) => nodeName !== undefined);
      if (new Set(placed.map(({ spec: { nodeName } }) => nodeName)).size < 3) return undefined;
      return items.find(({ status }) => conditionOf(status)?.reason === "Unschedulable");
    });
    assert.match(conditionOf(waiting.status)?.message ?? "", /didn't match pod anti-affinity rules/);
    await system.client.patch(deployments, "default", "simple-server", "merge", { spec: { replicas: 0 } });
  });

  async function lastLine(pod: string): Promise<string> {
    let text = "";
    for await (const chunk of system.client.logs("default", pod, { follow: true })) text += chunk;
    return text.trim().split("\n").at(-1) ?? "";
  }

  test("multiroute publishes one route, and follows its ConfigMap without a restart", async () => {
    const content = async () => (await atEdge("multiroute.localhost", "/route1")).text;
    assert.equal(await content(), "Hello, You are at /route1, Got: route1's content");
    const refused = await atEdge("multiroute.localhost", "/route2");
    assert.equal(refused.status, 404);
    assert.equal(refused.headers["x-pod-name"], undefined, "the edge itself answers");
    const before = await podsOf("multiroute");
    await writeRoutes("multiroute-v1", "edited");
    await until(async () => ((await content()).endsWith("Got: edited") ? true : undefined));
    const now = await podsOf("multiroute");
    assert.deepEqual(now.map(startOf), before.map(startOf));
  });

  test("multiroute is rolled to a new ConfigMap, and back", { skip: noKubectl }, async () => {
    const content = async () => (await atEdge("multiroute.localhost", "/route1")).text;
    await writeRoutes("multiroute-v1", "one");
    await writeRoutes("multiroute-v2", "two");
    const path = "/spec/template/spec/volumes/0/configMap/name";
    const patch = JSON.stringify([{ op: "replace", path, value: "multiroute-v2" }]);
    system.kubectl("patch", "deployment", "multiroute", "--type=json", "-p", patch);
    system.kubectl("rollout", "status", "deployment", "multiroute", "--timeout=60s");
    // The edge hears of the pods later than the Deployment does, and may ask an old one until then.
    await until(async () => ((await content()).endsWith("Got: two") ? true : undefined));
    system.kubectl("rollout", "undo", "deployment", "multiroute");
    system.kubectl("rollout", "status", "deployment", "multiroute", "--timeout=60s");
    await until(async () => ((await content()).endsWith("Got: one") ? true : undefined));
  });

  async function writeRoutes(name: string, route1: string): Promise<void> {
    const map: ConfigMap = {
      apiVersion: "v1",
      kind: "ConfigMap",
      metadata: { name, namespace: "default" },
      data: { "config.yaml": JSON.stringify({ routes: { "/route1": route1 }, unmatched: "404" }) },
    };
    const { items } = await system.client.list<ConfigMap>(resourceTypes.configmaps, { namespace: "default" });
    const isThere = items.some(({ metadata }) => metadata.name === name);
    if (isThere) await system.client.patch(resourceTypes.configmaps, "default", name, "merge", map);
    else await system.client.create(resourceTypes.configmaps, map);
  }
});

function startOf({ metadata, status }: Pod): unknown {
  return [metadata.uid, status?.containerStatuses?.[0]?.restartCount];
}

function conditionOf(status: Pod["status"]) {
  return status?.conditions?.find(({ type }) => type === "PodScheduled");
}
