import assert from "node:assert/strict";
import { test } from "node:test";
import { withoutNulls } from "./without-nulls.ts";

test("what is null is not written, at any depth, and what has none stays itself", () => {
  const plain = { a: [{ b: 1 }], c: "" };
  assert.equal(withoutNulls(plain), plain);
  assert.deepEqual(withoutNulls({ a: null, b: [{ c: null, d: 0 }], e: { f: null } }), {
    b: [{ d: 0 }],
    e: {},
  });
});
