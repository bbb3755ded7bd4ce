import assert from "node:assert/strict";
import { once } from "node:events";
import { fork } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import type { KubeObject } from "@seaworthy/kube";
import { seededRandom } from "../../random.ts";
import { loadSqlite } from "./load-sqlite.ts";
import { openSqliteLog } from "./sqlite-log.ts";
import { Store } from "./store.ts";

const folder = mkdtempSync(join(tmpdir(), "sqlite-log-test-"));
after(() => rmSync(folder, { recursive: true, force: true }));

let files = 0;
const newFile = () => join(folder, `${(files += 1)}.sqlite`);
const open = (file: string, historyLimit = 10_000) =>
  new Store({ historyLimit, log: openSqliteLog(file, { historyLimit }) });

const collection = "/configmaps";

function configMap(name: string, step: number): KubeObject {
  const data = { step: String(step) };
  return { kind: "ConfigMap", apiVersion: "v1", metadata: { name, namespace: "default" }, data };
}

/** All that a client can see. */
function stateOf(store: Store): unknown {
  return store.list(collection).map(({ key, revision, json }) => [key, revision, json]);
}

function eventsOf(store: Store, revision: number): unknown {
  const watch = store.watch(collection, revision, () => {});
  watch?.stop();
  return watch?.missed.map(({ type, before, after: { revision: at, json } }) => [
    type,
    at,
    before?.json,
    json,
  ]);
}

for (const seed of [1, 2, 3]) {
  test(`objects, counter and past are there after any number of restarts (seed ${seed})`, () => {
    const random = seededRandom(seed);
    const file = newFile();
    const historyLimit = 30;
    let store = open(file, historyLimit);
    for (let step = 0; step < 400; step += 1) {
      const name = `c${Math.floor(random() * 8)}`;
      if (random() < 0.3) store.remove(collection, `default/${name}`);
      else store.put(collection, `default/${name}`, configMap(name, step));
      if (random() < 0.3) store.flush();
      if (random() > 0.05) continue;
      store.flush();
      const { revision } = store;
      const [state, events] = [stateOf(store), eventsOf(store, revision - 10)];
      store[Symbol.dispose]();
      store = open(file, historyLimit);
      assert.equal(store.revision, revision);
      assert.deepEqual(stateOf(store), state);
      assert.deepEqual(eventsOf(store, revision - 10), events);
    }
    assert.equal(
      store.watch(collection, 1, () => {}),
      undefined,
    );
    store[Symbol.dispose]();
    const { DatabaseSync } = loadSqlite();
    using database = new DatabaseSync(file);
    const { rows } = database.prepare("SELECT count(*) AS rows FROM writes").get() as { rows: number };
    // A batch drops what the one before it made too much.
    assert.ok(
      rows <= 8 + historyLimit + 30,
      `${rows} writes are kept of 8 objects and ${historyLimit} past ones`,
    );
  });
}

test("a commit that fails has not taken place, is told to who waits, and the next one goes on", async () => {
  const file = newFile();
  const log = openSqliteLog(file);
  let isFull = false;
  const store = new Store({
    log: {
      recover: () => log.recover(),
      append(writes) {
        if (isFull) throw new Error("database or disk is full");
        log.append(writes);
      },
      [Symbol.dispose]: () => log[Symbol.dispose](),
    },
  });
  const told: string[] = [];
  store.watch(collection, 0, ({ type, after: { key } }) => told.push(`${type} ${key}`));
  store.put(collection, "default/a", configMap("a", 1));
  await store.committed();
  isFull = true;
  store.put(collection, "default/a", configMap("a", 2));
  store.put(collection, "default/b", configMap("b", 1));
  store.remove(collection, "default/a");
  await assert.rejects(store.committed(), /disk is full/);
  assert.deepEqual(
    store.list(collection).map(({ object }) => object["data"]),
    [{ step: "1" }],
  );
  isFull = false;
  store.put(collection, "default/c", configMap("c", 1));
  await store.committed();
  assert.deepEqual(told, ["ADDED default/a", "ADDED default/c"]);
  const state = stateOf(store);
  store[Symbol.dispose]();
  using again = open(file);
  assert.deepEqual(stateOf(again), state);
});

test("after an end without a close no number is given twice, and a watch from a lost one is refused", () => {
  const file = newFile();
  const first = open(file);
  first.put(collection, "default/a", configMap("a", 1));
  first.flush();
  const copy = newFile();
  cpSync(file, copy);
  cpSync(`${file}-wal`, `${copy}-wal`);
  first.put(collection, "default/a", configMap("a", 2));
  const { revision: seen } = first;
  first[Symbol.dispose]();
  // As if power had failed before the second write was on the disk.
  using second = open(copy);
  assert.ok(second.revision > seen);
  assert.equal(
    second.watch(collection, seen, () => {}),
    undefined,
  );
  assert.deepEqual(second.watch(collection, 1, () => {})?.missed, []);
  assert.ok(second.put(collection, "default/a", configMap("a", 3)).revision > seen);
});

test("a watch from a lost number is refused after further ends, too, and one from a number that lasted goes on", () => {
  const file = newFile();
  const first = open(file);
  first.put(collection, "default/a", configMap("a", 1));
  first.flush();
  let from = file;
  const endWithoutClose = (): Store => {
    const copy = newFile();
    cpSync(from, copy);
    cpSync(`${from}-wal`, `${copy}-wal`);
    from = copy;
    return open(copy);
  };
  const starts = (store: Store, revision: number) =>
    store.watch(collection, revision, () => {}) !== undefined;
  using second = endWithoutClose();
  assert.deepEqual(
    [1, 2].map((revision) => starts(second, revision)),
    [true, false],
  );
  using third = endWithoutClose();
  assert.deepEqual(
    [1, 2].map((revision) => starts(third, revision)),
    [true, false],
    "nothing was written since",
  );
  const { revision: written } = third.put(collection, "default/a", configMap("a", 2));
  third.flush();
  using fourth = endWithoutClose();
  assert.deepEqual(
    [1, 2, written, written + 1].map((revision) => starts(fourth, revision)),
    [false, false, true, false],
  );
  const { revision: newest } = fourth.put(collection, "default/a", configMap("a", 3));
  fourth[Symbol.dispose]();
  using closed = open(from);
  assert.deepEqual(
    [2, written, written + 1, newest].map((revision) => starts(closed, revision)),
    [false, true, false, true],
  );
});

test("the file is closed to others, and to a second process", async () => {
  const file = newFile();
  using store = open(file);
  store.put(collection, "default/a", configMap("a", 1));
  assert.equal(statSync(file).mode & 0o077, 0);
  assert.throws(() => open(file), { code: "SW2006" });
  const child = fork(join(import.meta.dirname, "testing", "log-writer.ts"), [file], {
    stdio: ["ignore", "ignore", "pipe", "ipc"],
  });
  const [answer] = (await once(child, "message")) as [{ refused?: string }];
  assert.equal(answer.refused, "SW2006");
});

test("a damaged file, one of another program, and one of a later version are refused", () => {
  const file = newFile();
  const store = open(file);
  for (let step = 0; step < 50; step += 1)
    store.put(collection, `default/c${step}`, configMap(`c${step}`, step));
  store[Symbol.dispose]();
  const good = readFileSync(file);
  const { DatabaseSync } = loadSqlite();
  const damaged = (change: (bytes: Buffer) => Buffer) => {
    const path = newFile();
    writeFileSync(path, change(Buffer.from(good)));
    return path;
  };
  const flip = (needle: string) => (bytes: Buffer) => {
    const at = bytes.indexOf(needle);
    assert.ok(at > 0);
    bytes[at] = bytes[at]! ^ 1;
    return bytes;
  };
  const later = damaged((bytes) => bytes);
  const stranger = newFile();
  {
    using database = new DatabaseSync(later);
    database.exec("PRAGMA user_version = 2");
    using other = new DatabaseSync(stranger);
    other.exec("CREATE TABLE notes (text TEXT)");
  }
  const cases: [path: string, why: RegExp][] = [
    [damaged(flip('"step":"33"')), /write 34, of \/configmaps default\/c33, is damaged/],
    [damaged((bytes) => bytes.fill(7, 4096, 8192)), /malformed/],
    [damaged((bytes) => bytes.subarray(0, 6000)), /malformed/],
    [
      damaged(() =>
        Buffer.from("not a database, but a text that is long enough to be read as one".repeat(99)),
      ),
      /not a database/,
    ],
    [stranger, /another program/],
    [later, /its format is 2, and this version of seaworthy reads 1/],
  ];
  for (const [path, why] of cases)
    assert.throws(
      () => open(path),
      (error: Error & { code?: string }) => {
        assert.equal(error.code, "SW2007");
        assert.match(error.message, why);
        return true;
      },
    );
});

for (const seed of [1, 2, 3, 4]) {
  test(`what was answered before a kill -9 is there, whole (seed ${seed})`, async () => {
    const random = seededRandom(seed);
    const file = newFile();
    const answered = new Map<string, number>();
    let last = 0;
    for (let round = 0; round < 3; round += 1) {
      const writer = fork(join(import.meta.dirname, "testing", "log-writer.ts"), [
        file,
        String(seed * 10 + round),
      ]);
      const killAfter = 20 + Math.floor(random() * 400);
      let count = 0;
      writer.on("message", ({ key, revision }: { key: string; revision: number }) => {
        assert.ok(revision > last, `${revision} comes after ${last}`);
        last = revision;
        answered.set(key, revision);
        count += 1;
        if (count === killAfter) writer.kill("SIGKILL");
      });
      await once(writer, "exit");
      using store = open(file);
      assert.ok(store.revision >= last);
      for (const [key, revision] of answered) {
        const kept = store.get(collection, key);
        // Later writes of the same object may have been logged, and not answered.
        assert.ok(kept !== undefined && kept.revision >= revision, `${key} of ${revision} is there`);
      }
      for (const { object, revision } of store.list(collection)) {
        const { step, text } = object["data"] as { step: string; text: string };
        assert.equal(text, step.repeat(50), "an object is whole");
        assert.equal(object.metadata.resourceVersion, String(revision));
      }
    }
  });
}
