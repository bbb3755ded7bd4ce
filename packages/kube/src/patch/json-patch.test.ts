import assert from "node:assert/strict";
import { test } from "node:test";
import * as fc from "fast-check";
import { deepEqual } from "../deep-equal.ts";
import { isJsonObject } from "./json-value.ts";
import { jsonPatch, type JsonPatchOperation } from "./json-patch.ts";

test("the examples of RFC 6902 (appendix A) and of pointers", () => {
  const cases: [unknown, JsonPatchOperation[], unknown][] = [
    [{ foo: "bar" }, [{ op: "add", path: "/baz", value: "qux" }], { foo: "bar", baz: "qux" }],
    [{ foo: ["a", "c"] }, [{ op: "add", path: "/foo/1", value: "b" }], { foo: ["a", "b", "c"] }],
    [{ foo: ["a"] }, [{ op: "add", path: "/foo/-", value: ["b"] }], { foo: ["a", ["b"]] }],
    [{ baz: 1, foo: 2 }, [{ op: "remove", path: "/baz" }], { foo: 2 }],
    [{ foo: ["a", "b", "c"] }, [{ op: "remove", path: "/foo/1" }], { foo: ["a", "c"] }],
    [{ baz: 1 }, [{ op: "replace", path: "/baz", value: null }], { baz: null }],
    [{ a: { b: 1 }, c: {} }, [{ op: "move", from: "/a/b", path: "/c/d" }], { a: {}, c: { d: 1 } }],
    [{ l: [1, 2, 3, 4] }, [{ op: "move", from: "/l/1", path: "/l/3" }], { l: [1, 3, 4, 2] }],
    [{ a: { b: 1 } }, [{ op: "copy", from: "/a", path: "/c" }], { a: { b: 1 }, c: { b: 1 } }],
    [{ "/": 9, "~1": 10 }, [{ op: "test", path: "/~01", value: 10 }], { "/": 9, "~1": 10 }],
    [{ "": 1 }, [{ op: "replace", path: "/", value: 2 }], { "": 2 }],
    [{ a: 1 }, [{ op: "replace", path: "", value: [] }], []],
    [{ a: 1 }, [{ op: "test", path: "/b", value: null }], { a: 1 }],
    [{ a: { x: 1, y: 2 } }, [{ op: "test", path: "/a", value: { y: 2, x: 1 } }], { a: { x: 1, y: 2 } }],
  ];
  for (const [doc, patch, expected] of cases) {
    const before = structuredClone(doc);
    assert.deepEqual(jsonPatch(doc, patch), expected, JSON.stringify(patch));
    assert.deepEqual(doc, before, "the document itself must not change");
  }
});

test("what Kubernetes' library takes, too: absent fields, and indexes from the end", () => {
  const cases: [JsonPatchOperation, unknown][] = [
    [
      { op: "replace", path: "/x", value: 1 },
      { a: 1, l: [1, 2], x: 1 },
    ],
    [
      { op: "copy", from: "/x", path: "/y" },
      { a: 1, l: [1, 2], y: null },
    ],
    [
      { op: "add", path: "/l/-1", value: 3 },
      { a: 1, l: [1, 2, 3] },
    ],
    [
      { op: "replace", path: "/l/-1", value: 3 },
      { a: 1, l: [1, 3] },
    ],
    [
      { op: "remove", path: "/l/-2" },
      { a: 1, l: [2] },
    ],
    [
      { op: "add", path: "/b" },
      { a: 1, b: null, l: [1, 2] },
    ],
  ];
  for (const [operation, expected] of cases)
    assert.deepEqual(jsonPatch({ a: 1, l: [1, 2] }, [operation]), expected, JSON.stringify(operation));
});

test("what cannot be applied is refused with SW1107", () => {
  const broken: unknown[] = [
    { op: "remove", path: "/x" },
    { op: "replace", path: "/x/y", value: 1 },
    { op: "add", path: "/x/y", value: 1 },
    { op: "add", path: "/l/5", value: 1 },
    { op: "add", path: "a", value: 1 },
    { op: "add", path: "", value: 1 },
    { op: "add", value: 1 },
    { op: "move", from: "/o", path: "/o/p" },
    { op: "replace", path: "/l/-", value: 1 },
    { op: "test", path: "/a", value: 2 },
    { op: "swap", path: "/a" },
  ];
  for (const operation of broken)
    assert.throws(
      () => jsonPatch({ a: 1, l: [1], o: {} }, [operation as JsonPatchOperation]),
      { code: "SW1107" },
      JSON.stringify(operation),
    );
});

test("copies cannot make a document grow without end", () => {
  const doubling = Array.from({ length: 40 }, () => ({ op: "copy", from: "/a", path: "/a/-" }) as const);
  assert.throws(() => jsonPatch({ a: ["x".repeat(1000)] }, doubling), { code: "SW1107" });
});

test("a patch made from the difference of two documents turns one into the other", () => {
  fc.assert(
    fc.property(fc.jsonValue({ maxDepth: 3 }), fc.jsonValue({ maxDepth: 3 }), (from, to) => {
      assert.ok(deepEqual(jsonPatch(from, difference(from, to, "")), to));
    }),
  );
});

function difference(from: unknown, to: unknown, path: string): JsonPatchOperation[] {
  if (!isJsonObject(from) || !isJsonObject(to)) {
    return deepEqual(from, to) ? [] : [{ op: "replace", path, value: to }];
  }
  const at = (key: string): string => `${path}/${key.replaceAll("~", "~0").replaceAll("/", "~1")}`;
  const removed = Object.keys(from).filter((key) => !Object.hasOwn(to, key));
  return [
    ...removed.map((key): JsonPatchOperation => ({ op: "remove", path: at(key) })),
    ...Object.entries(to).flatMap(([key, value]): JsonPatchOperation[] =>
      Object.hasOwn(from, key)
        ? difference(from[key], value, at(key))
        : [{ op: "add", path: at(key), value }],
    ),
  ];
}
