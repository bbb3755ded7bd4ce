import assert from "node:assert/strict";
import { test } from "node:test";
import * as fc from "fast-check";
import { deepEqual } from "../deep-equal.ts";
import { isJsonObject } from "./json-value.ts";
import { mergePatch } from "./merge-patch.ts";

test("the examples of RFC 7386 (appendix A)", () => {
  const cases: [unknown, unknown, unknown][] = [
    [{ a: "b" }, { a: "c" }, { a: "c" }],
    [{ a: "b" }, { b: "c" }, { a: "b", b: "c" }],
    [{ a: "b" }, { a: null }, {}],
    [{ a: "b", b: "c" }, { a: null }, { b: "c" }],
    [{ a: ["b"] }, { a: "c" }, { a: "c" }],
    [{ a: "c" }, { a: ["b"] }, { a: ["b"] }],
    [{ a: { b: "c" } }, { a: { b: "d", c: null } }, { a: { b: "d" } }],
    [{ a: [{ b: "c" }] }, { a: [1] }, { a: [1] }],
    [
      ["a", "b"],
      ["c", "d"],
      ["c", "d"],
    ],
    [{ a: "b" }, ["c"], ["c"]],
    [{ a: "foo" }, null, null],
    [{ a: "foo" }, "bar", "bar"],
    [{ e: null }, { a: 1 }, { e: null, a: 1 }],
    [[1, 2], { a: "b", c: null }, { a: "b" }],
    [{}, { a: { bb: { ccc: null } } }, { a: { bb: {} } }],
  ];
  for (const [doc, patch, expected] of cases) assert.deepEqual(mergePatch(doc, patch), expected);
});

test("a patch made from the difference of two documents turns one into the other", () => {
  const value = fc.jsonValue({ maxDepth: 3 }).map(withoutNulls);
  fc.assert(
    fc.property(value, value, (from, to) => {
      assert.ok(deepEqual(mergePatch(from, difference(from, to)), to));
    }),
  );
});

/** A merge patch cannot set null. */
function withoutNulls(value: unknown): unknown {
  if (!isJsonObject(value)) return value;
  const kept = Object.entries(value).filter(([, item]) => item !== null);
  return Object.fromEntries(kept.map(([key, item]) => [key, withoutNulls(item)]));
}

function difference(from: unknown, to: unknown): unknown {
  if (!isJsonObject(from) || !isJsonObject(to)) return to;
  const removed = Object.keys(from).filter((key) => !Object.hasOwn(to, key));
  return Object.fromEntries([
    ...removed.map((key) => [key, null]),
    ...Object.entries(to).map(([key, value]) => [
      key,
      Object.hasOwn(from, key) ? difference(from[key], value) : value,
    ]),
  ]);
}
