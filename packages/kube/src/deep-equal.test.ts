import assert from "node:assert/strict";
import { test } from "node:test";
import * as fc from "fast-check";
import { deepEqual } from "./deep-equal.ts";
import { formatObjectName } from "./format-object-name.ts";

test("JSON values are equal whatever the order of their keys", () => {
  assert.ok(deepEqual({ a: 1, b: [{ c: null }] }, { b: [{ c: null }], a: 1 }));
  assert.ok(deepEqual({ a: 1, b: undefined }, { a: 1 }));
  for (const [a, b] of [
    [[1], { 0: 1 }],
    [{ a: 1 }, { b: 1 }],
    [null, {}],
    [
      [1, 2],
      [2, 1],
    ],
    [{}, { toString: 1 }],
  ]) {
    assert.equal(deepEqual(a, b), false);
  }
  fc.assert(fc.property(fc.jsonValue(), (value) => deepEqual(value, structuredClone(value))));
});

test("objects are named with their namespace, when they have one", () => {
  assert.equal(
    formatObjectName({ kind: "Deployment", metadata: { name: "web", namespace: "default" } }),
    "Deployment default/web",
  );
  assert.equal(formatObjectName({ kind: "Node", metadata: { name: "n1" } }), "Node n1");
});
