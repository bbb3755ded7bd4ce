import assert from "node:assert/strict";
import { test } from "node:test";
import { servedKinds, servedTypes } from "@seaworthy/kube";
import { startApi } from "../testing/start-api.ts";

const hourMs = 3_600_000;
const newEvents = servedKinds
  .flatMap((kind) => servedTypes(kind))
  .find(({ apiVersion, kind }) => apiVersion === "events.k8s.io/v1" && kind === "Event")!;

/** An event of long ago, which is told of now. */
function event(name: string) {
  return {
    apiVersion: "events.k8s.io/v1",
    kind: "Event",
    metadata: { name, namespace: "default" },
    regarding: { kind: "Pod", name, namespace: "default" },
    eventTime: "2017-09-19T13:49:16.000000Z",
    action: "Do",
    reason: "Test",
    type: "Normal",
    reportingController: `controller-of-${name}`,
    reportingInstance: "one",
  };
}

test("an event goes an hour after it was written, whatever time it tells of", async () => {
  const { client, clock } = await startApi();
  const names = async () =>
    (await client.list(newEvents, { namespace: "default" })).items.map(({ metadata }) => metadata.name);
  await client.create(newEvents, event("a"));
  clock.nowMs += hourMs / 2;
  await client.create(newEvents, event("b"));
  assert.deepEqual(await names(), ["a", "b"]);
  clock.nowMs += hourMs / 2 + 60_000;
  await client.create(newEvents, event("c"));
  assert.deepEqual(await names(), ["b", "c"]);
});

test("events of events.k8s.io are selected by the names that fields have there", async () => {
  const { client, transport } = await startApi();
  await client.create(newEvents, event("a"));
  await client.create(newEvents, event("b"));
  const ask = async (fieldSelector: string) => {
    const path = "/apis/events.k8s.io/v1/namespaces/default/events";
    const query = new URLSearchParams({ fieldSelector });
    const { status, body } = await transport({ method: "GET", path, query, headers: {} });
    const list = JSON.parse(String(body)) as { items?: { metadata: { name: string } }[]; message?: string };
    return [status, list.items?.map(({ metadata }) => metadata.name) ?? list.message];
  };
  assert.deepEqual(await ask("reportingController=controller-of-b"), [200, ["b"]]);
  assert.deepEqual(await ask("regarding.name=a"), [200, ["a"]]);
  assert.deepEqual(await ask("source=x"), [400, "field label not supported: source"]);
});
