import assert from "node:assert/strict";
import { test } from "node:test";
import type { Change } from "@seaworthy/client";
import type { KubeObject } from "@seaworthy/kube";
import { seeEach } from "./see-each.ts";

test("each object is looked at when it comes and when it changes, and told of when it looks different", () => {
  let tell: (change: Change<KubeObject>) => void = () => {};
  let looks = 0;
  const informer = {
    list: () => [object("one", "red"), object("two", "blue")],
    onChange(listener: (change: Change<KubeObject>) => void) {
      tell = listener;
      return () => {};
    },
  };
  const seen = seeEach(informer, ({ metadata }) => {
    looks += 1;
    return metadata.labels?.["color"];
  });
  const told: string[][] = [];
  const stop = seen.onChange(() => told.push(seen.values()));
  assert.deepEqual(seen.values(), ["red", "blue"]);
  tell({ type: "updated", old: object("one", "red"), object: object("one", "red") });
  tell({ type: "updated", old: object("one", "red"), object: object("one", "green") });
  tell({ type: "added", object: object("three") });
  tell({ type: "added", object: object("four", "black") });
  tell({ type: "deleted", object: object("two", "blue") });
  assert.equal(looks, 6);
  assert.deepEqual(told, [
    ["green", "blue"],
    ["green", "blue", "black"],
    ["green", "black"],
  ]);
  stop();
  tell({ type: "deleted", object: object("one", "green") });
  assert.equal(told.length, 3);
});

function object(name: string, color?: string): KubeObject {
  const labels = color === undefined ? {} : { labels: { color } };
  return { apiVersion: "v1", kind: "Pod", metadata: { name, ...labels } };
}
