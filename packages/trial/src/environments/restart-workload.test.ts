import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { Cluster } from "@seaworthy/cluster";
import { parseManifests, resourceTypes, type Pod } from "@seaworthy/kube";
import { applyManifests, waitForRollout } from "@seaworthy/release";
import { restartWorkload } from "./restart-workload.ts";

const workload = (kind: string, name: string) => `apiVersion: apps/v1
kind: ${kind}
metadata: { name: ${name}, namespace: default }
spec:
  selector: { matchLabels: { app: ${name} } }
  template:
    metadata: { labels: { app: ${name} } }
    spec: { containers: [{ name: edge, image: edge, ports: [{ containerPort: 8080 }] }] }
`;

const options = { timeoutMs: 30_000, signal: AbortSignal.timeout(60_000) };
let cluster: Cluster;

before(async () => {
  cluster = await Cluster.start({ profile: "instant", nodes: 2 });
  const set = parseManifests(
    "edge.yaml",
    `${workload("Deployment", "one")}---\n${workload("DaemonSet", "each")}`,
  );
  await applyManifests(cluster.client, set, { namespace: "default" });
  for (const [kind, name] of [
    ["Deployment", "one"],
    ["DaemonSet", "each"],
  ] as const)
    await waitForRollout(cluster.client, { kind, namespace: "default", name }, options);
});
after(() => cluster[Symbol.asyncDispose]());

async function podsOf(app: string): Promise<string[]> {
  const { items } = await cluster.client.list<Pod>(resourceTypes.pods, { namespace: "default" });
  return items
    .filter(({ metadata }) => metadata.labels?.["app"] === app)
    .map(({ metadata }) => metadata.name);
}

for (const [kind, name, pods] of [
  ["Deployment", "one", "1 old pod"],
  ["DaemonSet", "each", "2 old pods"],
] as const)
  test(`a ${kind} is restarted, and its old pods are gone`, async () => {
    const old = await podsOf(name);
    const restart = await restartWorkload(cluster.client, { namespace: "default", name });
    assert.match(
      await restart(options),
      new RegExp(`^${kind} default/${name} was restarted; its ${pods} ended within`),
    );
    const now = await podsOf(name);
    assert.equal(now.length, old.length);
    assert.ok(now.every((each) => !old.includes(each)));
  });

test("what is neither is told before anything runs", async () => {
  await assert.rejects(
    restartWorkload(cluster.client, { namespace: "default", name: "none" }),
    /no Deployment or DaemonSet default\/none/,
  );
});
