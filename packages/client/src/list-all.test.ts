import assert from "node:assert/strict";
import { test } from "node:test";
import { resourceTypes, type KubeObject } from "@seaworthy/kube";
import { ApiError } from "./api-error.ts";
import type { List, PageOptions } from "./kube-client.ts";
import { listAll } from "./list-all.ts";

const object = (name: string) => ({ apiVersion: "v1", kind: "ConfigMap", metadata: { name } });

/** A list of three pages, of which one may have been forgotten. */
function pages(forgotten?: string) {
  const asked: PageOptions[] = [];
  const list = async <T extends KubeObject>(_: object, options: PageOptions = {}): Promise<List<T>> => {
    asked.push(options);
    const at = Number(options.continue ?? 0);
    if (options.continue === forgotten && forgotten !== undefined)
      throw new ApiError({ reason: "Expired", message: "too old" }, 410, "GET");
    const all = ["a", "b", "c"].map(object) as unknown as T[];
    if (options.limit === undefined) return { resourceVersion: "1", items: all };
    return {
      resourceVersion: "1",
      items: all.slice(at, at + 1),
      ...(at < 2 ? { continue: String(at + 1) } : {}),
    };
  };
  return { asked, list };
}

test("pages are put together", async () => {
  const { asked, ...client } = pages();
  const found = await listAll(client, resourceTypes.configmaps, { namespace: "shop" });
  assert.deepEqual(
    found.map(({ metadata }) => metadata.name),
    ["a", "b", "c"],
  );
  assert.deepEqual(asked, [
    { namespace: "shop", limit: 500 },
    { namespace: "shop", limit: 500, continue: "1" },
    { namespace: "shop", limit: 500, continue: "2" },
  ]);
});

test("where the server has forgotten a page, all are asked for at once, and none is there twice", async () => {
  const { asked, ...client } = pages("2");
  assert.equal((await listAll(client, resourceTypes.configmaps)).length, 3);
  assert.deepEqual(asked.at(-1), {});
});
