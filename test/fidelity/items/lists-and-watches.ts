import assert from "node:assert/strict";
import type { Asker, Json } from "../asker.ts";
import type { Item } from "../item.ts";
import { configMap, unscheduledPod } from "../objects.ts";
import type { Event } from "../open-watch.ts";

/** How a client comes to know a collection, and stays in step with it. */
export const listAndWatchItems: readonly Item[] = [
  {
    number: 7,
    title: "a watch from a list's resourceVersion misses nothing and repeats nothing while 100 write at once",
    async check(asker) {
      const { namespace, get, watch } = asker;
      const path = `/api/v1/namespaces/${namespace}/configmaps`;
      const writing = write100(asker, path);
      const list = await get(path);
      const listVersion = Number(list.metadata.resourceVersion);
      for (const { metadata } of list.items) assert.ok(Number(metadata.resourceVersion) <= listVersion);
      await using events = await watch(path, { resourceVersion: list.metadata.resourceVersion });
      await writing;
      await asker.create(path, configMap("last"));
      const seen = await events.until(({ object }) => object.metadata.name === "last");
      const state = new Map<string, string>(
        list.items.map((item: Json) => [item.metadata.name, item.metadata.resourceVersion]),
      );
      let before = listVersion;
      for (const { type, object } of seen) {
        const version = Number(object.metadata.resourceVersion);
        assert.ok(version > before, "resourceVersions rise from event to event");
        before = version;
        assert.equal(type === "ADDED", !state.has(object.metadata.name), `${type} ${object.metadata.name}`);
        if (type === "DELETED") state.delete(object.metadata.name);
        else state.set(object.metadata.name, object.metadata.resourceVersion);
      }
      const now = await get(path);
      const expected = now.items.map((item: Json) => [item.metadata.name, item.metadata.resourceVersion]);
      assert.deepEqual([...state].toSorted(byName), expected.toSorted(byName));
    },
  },
  {
    number: 8,
    title: "two watchers see the same events in the same order",
    async check(asker) {
      const path = `/api/v1/namespaces/${asker.namespace}/configmaps`;
      const { metadata } = await asker.get(path);
      const from = { resourceVersion: metadata.resourceVersion };
      await using one = await asker.watch(path, from);
      await using other = await asker.watch(path, from);
      await write100(asker, path);
      await asker.create(path, configMap("last"));
      const isLast = ({ object }: Event) => object.metadata.name === "last";
      const words = (events: readonly Event[]) =>
        events.map(
          ({ type, object }) => `${type} ${object.metadata.name} ${object.metadata.resourceVersion}`,
        );
      assert.deepEqual(words(await one.until(isLast)), words(await other.until(isLast)));
    },
  },
  {
    number: 9,
    title: "a change of label is DELETED on a watch that it leaves and ADDED on one that it enters",
    async check({ namespace, get, create, patch, watch }) {
      const path = `/api/v1/namespaces/${namespace}/configmaps`;
      const made = await create(path, configMap("moves", {}, { side: "left" }));
      const { resourceVersion } = made.metadata;
      await using left = await watch(path, { resourceVersion, labelSelector: "side=left" });
      await using right = await watch(path, { resourceVersion, labelSelector: "side=right" });
      const moved = await patch(`${path}/moves`, "merge-patch+json", {
        metadata: { labels: { side: "right" } },
      });
      const gone = await left.next();
      assert.deepEqual([gone?.type, gone?.object.metadata.labels], ["DELETED", { side: "left" }]);
      assert.equal(gone?.object.metadata.resourceVersion, moved.metadata.resourceVersion);
      const come = await right.next();
      assert.deepEqual([come?.type, come?.object.metadata.labels], ["ADDED", { side: "right" }]);
      assert.equal((await get(path, { labelSelector: "side in (right),side!=left" })).items.length, 1);
    },
  },
  {
    number: 10,
    title: "a watch that is closed goes on from the last resourceVersion exactly",
    async check(asker) {
      const path = `/api/v1/namespaces/${asker.namespace}/configmaps`;
      const { metadata } = await asker.get(path);
      const first = await asker.watch(path, { resourceVersion: metadata.resourceVersion });
      for (const name of ["a", "b", "c"]) await asker.create(path, configMap(name));
      const [a, b] = [await first.next(), await first.next()];
      await first[Symbol.asyncDispose]();
      await asker.create(path, configMap("d"));
      assert.deepEqual([a?.object.metadata.name, b?.object.metadata.name], ["a", "b"]);
      await using second = await asker.watch(path, { resourceVersion: b?.object.metadata.resourceVersion });
      const rest = await second.until(({ object }) => object.metadata.name === "d");
      assert.deepEqual(
        rest.map(({ object }) => object.metadata.name),
        ["c", "d"],
      );
    },
  },
  {
    number: 11,
    title: "a resourceVersion that is too old is 410 Expired",
    needs: ["forgetfulness"],
    async check({ namespace, ask, create, replace, watch }) {
      const path = `/api/v1/namespaces/${namespace}/configmaps`;
      await create(path, configMap("old"));
      for (let step = 0; step < 300; step += 1)
        await replace(`${path}/old`, configMap("old", { data: { step: String(step) } }));
      await using events = await watch(path, { resourceVersion: "1" });
      const event = await events.next();
      assert.deepEqual([event?.type, event?.object.code, event?.object.reason], ["ERROR", 410, "Expired"]);
      assert.match(event?.object.message, /^too old resource version: 1 \(\d+\)$/);
      const { code } = await ask("GET", path, {
        query: { resourceVersion: "1", resourceVersionMatch: "Exact" },
      });
      assert.equal(code, 410);
    },
  },
  {
    number: 12,
    title:
      "sendInitialEvents sends what is there, an annotated BOOKMARK, then what comes, of an empty collection too",
    async check({ namespace, create, watch }) {
      const path = `/api/v1/namespaces/${namespace}/secrets`;
      const query = {
        sendInitialEvents: "true",
        resourceVersionMatch: "NotOlderThan",
        allowWatchBookmarks: "true",
        labelSelector: "who=me",
      };
      const secret = (name: string) => ({
        apiVersion: "v1",
        kind: "Secret",
        metadata: { name, labels: { who: "me" } },
      });
      const isEnd = ({ type, object }: Event) =>
        type === "BOOKMARK" && object.metadata.annotations?.["k8s.io/initial-events-end"] === "true";
      await using empty = await watch(path, query);
      assert.equal((await empty.until(isEnd)).length, 1);
      const one = await create(path, secret("one"));
      await create(path, secret("two"));
      await using full = await watch(path, query);
      const [first, second, end] = await full.until(isEnd);
      assert.deepEqual(
        [first?.object.metadata.name, second?.object.metadata.name, end?.object.kind],
        ["one", "two", "Secret"],
      );
      assert.ok(Number(end?.object.metadata.resourceVersion) >= Number(one.metadata.resourceVersion));
      await create(path, secret("three"));
      assert.equal((await full.next())?.object.metadata.name, "three");
      assert.equal((await empty.next())?.object.metadata.name, "one");
    },
  },
  {
    number: 13,
    title: "the pages of a list with a limit are one snapshot, whoever writes meanwhile",
    async check({ namespace, get, create, remove }) {
      const path = `/api/v1/namespaces/${namespace}/configmaps`;
      for (const name of ["a", "b", "c", "d", "e"]) await create(path, configMap(name, {}, { paged: "yes" }));
      const names: string[] = [];
      const versions = new Set<string>();
      let token = "";
      do {
        const page = await get(path, {
          limit: "2",
          labelSelector: "paged=yes",
          ...(token === "" ? {} : { continue: token }),
        });
        names.push(...page.items.map((item: Json) => item.metadata.name));
        versions.add(page.metadata.resourceVersion);
        if (token === "") {
          await remove(`${path}/d`);
          await create(path, configMap("bb", {}, { paged: "yes" }));
        }
        token = page.metadata.continue ?? "";
      } while (token !== "");
      assert.deepEqual(names, ["a", "b", "c", "d", "e"]);
      assert.equal(versions.size, 1);
    },
  },
  {
    number: 14,
    title: "an unknown field selector is 400; known ones choose in a list and a watch alike",
    async check({ namespace, image, ask, get, create, patch, watch }) {
      const path = `/api/v1/namespaces/${namespace}/pods`;
      const { code, json } = await ask("GET", path, { query: { fieldSelector: "spec.dnsPolicy=Default" } });
      assert.deepEqual(
        [code, json.reason, json.message],
        [400, "BadRequest", "field label not supported: spec.dnsPolicy"],
      );
      await create(path, unscheduledPod("one", image));
      const two = await create(path, unscheduledPod("two", image));
      const fieldSelector = "metadata.name!=one,spec.restartPolicy=Always,status.phase!=Failed";
      const list = await get(path, { fieldSelector });
      assert.deepEqual(
        list.items.map((item: Json) => item.metadata.name),
        ["two"],
      );
      await using events = await watch(path, {
        fieldSelector,
        resourceVersion: two.metadata.resourceVersion,
      });
      await patch(`${path}/one`, "merge-patch+json", { metadata: { labels: { a: "b" } } });
      await patch(`${path}/two/status`, "merge-patch+json", { status: { phase: "Failed" } });
      const event = await events.next();
      assert.deepEqual([event?.type, event?.object.metadata.name], ["DELETED", "two"]);
    },
  },
];

/** A hundred writers at once: each makes an object and changes it, and every second takes it away again. */
async function write100({ create, replace, remove }: Asker, path: string): Promise<void> {
  const one = async (index: number) => {
    const name = `w${index}`;
    await create(path, configMap(name));
    await replace(`${path}/${name}`, configMap(name, { data: { index: String(index) } }));
    if (index % 2 === 0) await remove(`${path}/${name}`);
  };
  await Promise.all(Array.from({ length: 100 }, (_, index) => one(index)));
}

function byName([a]: readonly string[], [b]: readonly string[]): number {
  return (a ?? "") < (b ?? "") ? -1 : 1;
}
