import assert from "node:assert/strict";
import { test } from "node:test";
import { threeWayPatch } from "./three-way-patch.ts";

test("values that are written now are set, fields that are gone are deleted", () => {
  assert.deepEqual(threeWayPatch({ a: 1, b: { c: 1, d: 2 } }, { a: 2, b: { c: 1 } }), {
    a: 2,
    b: { c: 1, d: null },
  });
});

test("items of merged lists are deleted by their key, others stay", () => {
  const original = { containers: [{ name: "app", env: [{ name: "A" }, { name: "B" }] }, { name: "proxy" }] };
  const modified = { containers: [{ name: "app", env: [{ name: "A", value: "1" }] }] };
  assert.deepEqual(threeWayPatch(original, modified), {
    containers: [
      {
        name: "app",
        env: [
          { name: "A", value: "1" },
          { $patch: "delete", name: "B" },
        ],
      },
      { $patch: "delete", name: "proxy" },
    ],
  });
});

test("a list without a merge key is replaced as a whole", () => {
  assert.deepEqual(threeWayPatch({ args: ["a", "b"] }, { args: ["c"] }), { args: ["c"] });
});

test("without an earlier apply nothing is deleted", () => {
  assert.deepEqual(threeWayPatch({}, { spec: { replicas: 2 } }), { spec: { replicas: 2 } });
});
