import assert from "node:assert/strict";
import { test } from "node:test";
import { createInformer, type Informer, type KubeClient } from "@seaworthy/client";
import { resourceTypes, type KubeObject, type Node, type Pod } from "@seaworthy/kube";
import { pod, startApi } from "../../apiserver/testing/start-api.ts";
import { fakeClock } from "../../testing/fake-clock.ts";
import { startHollowNodes } from "./start-hollow-nodes.ts";

test("a hollow node without power says nothing of its pods until it has some again", async () => {
  const { client } = await startApi();
  await client.create(resourceTypes.namespaces, {
    apiVersion: "v1",
    kind: "Namespace",
    metadata: { name: "kube-node-lease" },
  });
  const clock = fakeClock();
  await using _nodes = await startHollowNodes({
    client,
    clock,
    names: ["hollow-1", "hollow-2"],
    firstIndex: 4,
    leasePeriodMs: 10_000,
  });
  await using pods = createInformer<Pod>(client, resourceTypes.pods);
  await using nodes = createInformer<Node>(client, resourceTypes.nodes);
  await setPower(client, "off");
  await until(nodes, "hollow-1", ({ metadata }) => metadata.annotations?.["seaworthy.dev/power"] === "off");
  await client.create(resourceTypes.pods, pod("dark", { nodeName: "hollow-1" }));
  await client.create(resourceTypes.pods, pod("lit", { nodeName: "hollow-2" }));
  await until(pods, "lit", ({ status }) => status?.phase === "Running");
  assert.equal(pods.get("default", "dark")?.status?.phase, "Pending");
  await setPower(client, "on");
  await until(pods, "dark", ({ status }) => status?.phase === "Running");
});

async function setPower(client: KubeClient, power: "on" | "off"): Promise<void> {
  const patch = { metadata: { annotations: { "seaworthy.dev/power": power } } };
  await client.patch(resourceTypes.nodes, undefined, "hollow-1", "merge", patch);
}

/** Resolves when an object is as it is wanted. */
async function until<T extends KubeObject>(
  informer: Informer<T>,
  name: string,
  isAsWanted: (object: T) => boolean,
): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const stop = informer.onChange(({ object }) => {
    if (object.metadata.name === name && isAsWanted(object)) resolve();
  });
  await promise;
  stop();
}
