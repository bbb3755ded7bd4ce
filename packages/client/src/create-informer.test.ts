import assert from "node:assert/strict";
import { test } from "node:test";
import type { KubeObject } from "@seaworthy/kube";
import { ApiError } from "./api-error.ts";
import { createInformer } from "./create-informer.ts";
import type { KubeClient, List, WatchEvent } from "./kube-client.ts";

const type = { group: "", version: "v1", plural: "configmaps", kind: "ConfigMap", namespaced: true };

function object(name: string, revision: number, uid = name): KubeObject {
  const metadata = { name, namespace: "default", uid, resourceVersion: String(revision) };
  return { apiVersion: "v1", kind: "ConfigMap", metadata };
}

type Step = List<KubeObject> | Error | readonly WatchEvent<KubeObject>[];

/** A client that plays lists (or errors) and watches in turn; the last watch stays open. */
function playing(lists: readonly Step[], watches: readonly Step[]) {
  const from: string[] = [];
  let listed = 0;
  let watched = 0;
  const client: Pick<KubeClient, "list" | "watch"> = {
    async list<T extends KubeObject>() {
      const step = lists[listed++];
      if (step instanceof Error) throw step;
      return step as unknown as List<T>;
    },
    async *watch<T extends KubeObject>(
      _type: unknown,
      { resourceVersion, signal }: { resourceVersion: string; signal: AbortSignal },
    ) {
      from.push(resourceVersion);
      const step = watches[watched++];
      if (step instanceof Error) throw step;
      yield* (step ?? []) as readonly WatchEvent<T>[];
      if (step !== undefined || signal.aborted) return;
      await new Promise<void>((resolve) => {
        signal.addEventListener("abort", () => resolve());
      });
    },
  };
  return { client: client as KubeClient, from };
}

async function changesOf(lists: readonly Step[], watches: readonly Step[], count: number) {
  const { client, from } = playing(lists, watches);
  await using informer = createInformer(client, type);
  const changes: string[] = [];
  const done = Promise.withResolvers<void>();
  informer.onChange(({ type: what, object: { metadata } }) => {
    changes.push(`${what} ${metadata.name}@${metadata.resourceVersion}`);
    if (changes.length === count) done.resolve();
  });
  await informer.synced;
  await done.promise;
  return { changes, from, names: informer.list("default").map(({ metadata }) => metadata.name) };
}

test("tells the list, then what the watch brings, and resumes a watch that ends", async () => {
  const { changes, from, names } = await changesOf(
    [{ resourceVersion: "2", items: [object("a", 1), object("b", 2)] }],
    [
      [{ type: "MODIFIED", object: object("a", 3) }],
      [{ type: "BOOKMARK", object: object("", 7) }],
      [
        { type: "DELETED", object: object("b", 8) },
        { type: "ADDED", object: object("c", 9) },
      ],
    ],
    5,
  );
  assert.deepEqual(changes, ["added a@1", "added b@2", "updated a@3", "deleted b@8", "added c@9"]);
  assert.deepEqual(from.slice(0, 3), ["2", "3", "7"]);
  assert.deepEqual(names, ["a", "c"]);
});

test("lists again after 410 and tells the differences; a new uid is another object", async () => {
  const gone = new ApiError({ code: 410, reason: "Expired" }, 410, "watch");
  const { changes } = await changesOf(
    [
      { resourceVersion: "3", items: [object("a", 1), object("b", 2), object("c", 3)] },
      new Error("the server is away for a moment"),
      { resourceVersion: "9", items: [object("a", 1), object("b", 8, "another"), object("d", 9)] },
    ],
    [gone],
    7,
  );
  assert.deepEqual(changes.slice(3), ["deleted c@3", "deleted b@2", "added b@8", "added d@9"]);
});

test("an ERROR event inside the stream counts like the answer 410", async () => {
  const expired = { kind: "Status", code: 410, reason: "Expired" } as unknown as KubeObject;
  const { changes } = await changesOf(
    [
      { resourceVersion: "1", items: [object("a", 1)] },
      { resourceVersion: "2", items: [object("a", 2)] },
    ],
    [[{ type: "ERROR", object: expired }]],
    2,
  );
  assert.deepEqual(changes, ["added a@1", "updated a@2"]);
});

test("who subscribes later is told what is there; who unsubscribed is told nothing", async () => {
  const { client } = playing([{ resourceVersion: "1", items: [object("a", 1)] }], []);
  await using informer = createInformer(client, type);
  await informer.synced;
  const told: string[] = [];
  const stop = informer.onChange((change) => told.push(change.type));
  stop();
  assert.deepEqual(told, ["added"]);
  assert.equal(informer.get("default", "a")?.metadata.resourceVersion, "1");
});
