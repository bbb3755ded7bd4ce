import assert from "node:assert/strict";
import { test } from "node:test";
import { createClient, type KubeClient, type Transport, type WatchEvent } from "@seaworthy/client";
import { resourceTypes, type ConfigMap, type KubeObject } from "@seaworthy/kube";
import type { Clock } from "../../clock.ts";
import { seededRandom } from "../../random.ts";
import { createApiServer } from "../create-api-server.ts";
import { Store } from "../store/store.ts";

/** A clock that is moved by hand. */
function manualClock(): Clock & { advance(ms: number): void } {
  let nowMs = 0;
  const timers = new Map<object, { at: number; callback: () => void }>();
  return {
    now: () => nowMs,
    after(delayMs, callback) {
      const timer = {};
      timers.set(timer, { at: nowMs + delayMs, callback });
      return () => timers.delete(timer);
    },
    advance(ms) {
      nowMs += ms;
      for (const [timer, { at, callback }] of timers) {
        if (at <= nowMs && timers.delete(timer)) callback();
      }
    },
  };
}

async function startApi(historyLimit?: number) {
  const clock = manualClock();
  const server = createApiServer({
    clock,
    random: seededRandom(3),
    store: new Store(historyLimit === undefined ? {} : { historyLimit }),
  });
  const client = createClient(server.transport);
  await client.create(resourceTypes.namespaces, {
    apiVersion: "v1",
    kind: "Namespace",
    metadata: { name: "default" },
  });
  return { client, clock, transport: server.transport };
}

const type = resourceTypes.configmaps;

function write(
  client: KubeClient,
  name: string,
  data: Record<string, string>,
  labels: Record<string, string> = {},
) {
  const metadata = { name, namespace: "default", labels };
  return client
    .patch<ConfigMap>(type, "default", name, "merge", { metadata, data })
    .catch(() => client.create<ConfigMap>(type, { apiVersion: "v1", kind: "ConfigMap", metadata, data }));
}

/** Reads events of a raw watch until `count` have come. */
async function take(transport: Transport, query: string, count: number): Promise<WatchEvent<KubeObject>[]> {
  const abort = new AbortController();
  const response = await transport({
    method: "GET",
    path: "/api/v1/configmaps",
    query: new URLSearchParams(`watch=true&${query}`),
    headers: {},
    signal: abort.signal,
  });
  assert.equal(response.status, 200, String(response.body));
  const events: WatchEvent<KubeObject>[] = [];
  for await (const chunk of response.body as AsyncIterable<string>) {
    for (const line of chunk.split("\n"))
      if (line !== "") events.push(JSON.parse(line) as WatchEvent<KubeObject>);
    if (events.length >= count) abort.abort();
  }
  return events;
}

const summary = ({ type, object }: WatchEvent<KubeObject>) => `${type} ${object.metadata.name}`;

test("an object that enters or leaves a selector is added or deleted, with the revision of the change", async () => {
  const { client, transport } = await startApi();
  const { resourceVersion } = await client.list(type);
  await write(client, "a", {}, { color: "red" });
  await write(client, "a", { x: "1" }, { color: "blue" });
  await write(client, "a", { x: "2" }, { color: "red" });
  await write(client, "a", { x: "3" }, { color: "red" });
  await client.delete(type, "default", "a");
  const events = await take(transport, `resourceVersion=${resourceVersion}&labelSelector=color%3Dred`, 5);
  assert.deepEqual(events.map(summary), ["ADDED a", "DELETED a", "ADDED a", "MODIFIED a", "DELETED a"]);
  const versions = events.map(({ object }) => Number(object.metadata.resourceVersion));
  assert.deepEqual(
    versions,
    [1, 2, 3, 4, 5].map((step) => Number(resourceVersion) + step),
  );
});

test("sendInitialEvents: the present state, a bookmark that ends it, then what comes", async () => {
  const { client, transport } = await startApi();
  await write(client, "a", {});
  const query = "sendInitialEvents=true&resourceVersionMatch=NotOlderThan&allowWatchBookmarks=true";
  const reading = take(transport, query, 3);
  await write(client, "b", {});
  const events = await reading;
  assert.deepEqual(
    events.map(({ type }) => type),
    ["ADDED", "BOOKMARK", "ADDED"],
  );
  assert.deepEqual(events[1]?.object.metadata.annotations, { "k8s.io/initial-events-end": "true" });
});

test("bookmarks come each minute, and the watch ends after timeoutSeconds", async () => {
  const { client, transport, clock } = await startApi();
  const { resourceVersion } = await client.list(type);
  const reading = take(
    transport,
    `resourceVersion=${resourceVersion}&allowWatchBookmarks=true&timeoutSeconds=90`,
    9,
  );
  clock.advance(60_000);
  clock.advance(30_000);
  const events = await reading;
  assert.deepEqual(
    events.map(({ type }) => type),
    ["BOOKMARK", "BOOKMARK"],
  );
  assert.equal(events[0]?.object.metadata.resourceVersion, resourceVersion);
});

test("a watch from too long ago gets 410 as an event", async () => {
  const { client, transport } = await startApi(4);
  for (let step = 0; step < 10; step += 1) await write(client, "a", { step: String(step) });
  const [event] = await take(transport, "resourceVersion=2", 1);
  assert.equal(event?.type, "ERROR");
  assert.deepEqual([event?.object["code"], event?.object["reason"]], [410, "Expired"]);
});

for (const seed of [1, 2, 3]) {
  test(`two watchers under random writers see the same, in order, whole or resumed (seed ${seed})`, async () => {
    const { client } = await startApi();
    const random = seededRandom(seed);
    const { resourceVersion } = await client.list(type);
    const abort = new AbortController();
    const seen: [string[], string[]] = [[], []];
    const follow = async (list: string[], breaks: boolean) => {
      let from = resourceVersion;
      while (!abort.signal.aborted) {
        const part = breaks ? AbortSignal.any([abort.signal, AbortSignal.timeout(2)]) : abort.signal;
        for await (const { type: what, object } of client.watch(type, {
          resourceVersion: from,
          signal: part,
        })) {
          from = object.metadata.resourceVersion ?? from;
          if (what !== "BOOKMARK") list.push(`${what} ${object.metadata.name} ${from}`);
        }
      }
    };
    const following = [follow(seen[0], false), follow(seen[1], true)];
    for (let step = 0; step < 150; step += 1) {
      const name = `c${Math.floor(random() * 5)}`;
      if (random() < 0.3) await client.delete(type, "default", name).catch(() => {});
      else await write(client, name, { step: String(step) });
      if (random() < 0.1) await new Promise((resolve) => setImmediate(resolve));
    }
    const last = await write(client, "last", { end: "1" });
    const isDone = () => seen.every((list) => list.at(-1)?.endsWith(` ${last.metadata.resourceVersion}`));
    while (!isDone()) await new Promise((resolve) => setImmediate(resolve));
    abort.abort();
    await Promise.all(following);
    assert.deepEqual(seen[0], seen[1]);
    const revisions = seen[0].map((text) => Number(text.split(" ")[2]));
    assert.deepEqual(
      revisions,
      revisions.map((_, index) => Number(resourceVersion) + index + 1),
    );
  });
}
