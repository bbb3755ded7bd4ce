import assert from "node:assert/strict";
import { test } from "node:test";
import type { KubeObject } from "@seaworthy/kube";
import { seededRandom, type Random } from "../../random.ts";
import type { StoreEvent } from "./collection.ts";
import { Store } from "./store.ts";

const collection = "/configmaps";

function configMap(name: string, step: number): KubeObject {
  return {
    kind: "ConfigMap",
    apiVersion: "v1",
    metadata: { name, namespace: "default" },
    data: { step: String(step) },
  };
}

function writeSomething(store: Store, random: Random, step: number): void {
  const name = `c${Math.floor(random() * 8)}`;
  const key = `default/${name}`;
  if (random() < 0.3) store.remove(collection, key);
  else store.put(collection, key, configMap(name, step));
}

/** What a client knows that has applied these events. */
function replay(state: Map<string, string>, events: readonly StoreEvent[]): void {
  for (const { type, after } of events) {
    if (type === "DELETED") state.delete(after.key);
    else state.set(after.key, after.json);
  }
}

function stateOf(store: Store): Map<string, string> {
  return new Map(store.list(collection).map(({ key, json }) => [key, json]));
}

for (const seed of [1, 2, 3, 4, 5]) {
  test(`watchers that come, go and resume miss nothing and see it in order (seed ${seed})`, () => {
    const random = seededRandom(seed);
    const store = new Store();
    const watchers = Array.from({ length: 4 }, () => ({
      state: new Map<string, string>(),
      revision: 0,
      stop: undefined as (() => void) | undefined,
    }));
    for (let step = 0; step < 400; step += 1) {
      writeSomething(store, random, step);
      for (const watcher of watchers) {
        if (random() > 0.2) continue;
        if (watcher.stop !== undefined) {
          watcher.stop();
          watcher.stop = undefined;
          continue;
        }
        const take = (event: StoreEvent) => {
          assert.ok(event.revision > watcher.revision, "events come in the order of their revisions");
          watcher.revision = event.revision;
          replay(watcher.state, [event]);
        };
        const watch = store.watch(collection, watcher.revision, take);
        assert.ok(watch !== undefined);
        watch.missed.forEach(take);
        watcher.stop = watch.stop;
      }
      for (const watcher of watchers) {
        if (watcher.stop !== undefined) assert.deepEqual(watcher.state, stateOf(store));
      }
    }
  });
}

test("a watch from before the remembered events is refused, and one from after them is not", () => {
  const store = new Store({ historyLimit: 4 });
  for (let step = 0; step < 10; step += 1) store.put(collection, "default/a", configMap("a", step));
  assert.equal(
    store.watch(collection, 1, () => {}),
    undefined,
  );
  const forgotten = store.forgottenRevision(collection);
  const watch = store.watch(collection, forgotten, () => {});
  assert.equal(watch?.missed.length, 10 - forgotten);
});

test("a deletion carries its own revision and the last state", () => {
  const store = new Store();
  store.put(collection, "default/a", configMap("a", 1));
  store.put(collection, "default/b", configMap("b", 1));
  const removed = store.remove(collection, "default/a");
  assert.equal(removed?.object.metadata.resourceVersion, "3");
  assert.equal(store.revision, 3);
});

test("a list is in the order of the keys and does not change under its reader", () => {
  const store = new Store();
  for (const name of ["b", "a", "c"]) store.put(collection, `default/${name}`, configMap(name, 1));
  const list = store.list(collection, "default");
  store.put(collection, "default/a", configMap("a", 2));
  store.remove(collection, "default/c");
  assert.deepEqual(
    list.map(({ key, object }) => [key, object["data"]]),
    ["a", "b", "c"].map((name) => [`default/${name}`, { step: "1" }]),
  );
  assert.deepEqual(
    store.list(collection).map(({ object }) => object["data"]),
    [{ step: "2" }, { step: "1" }],
  );
});
