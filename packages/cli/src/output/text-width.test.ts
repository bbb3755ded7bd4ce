import assert from "node:assert/strict";
import { test } from "node:test";
import { headOf, tailOf, widthOf } from "./text-width.ts";

test("wide characters take two columns, marks none, and a family of emoji is one character", () => {
  const widths = [
    ["abc", 3],
    ["", 0],
    ["né", 2],
    ["ne\u0301", 2],
    ["网站", 4],
    ["한글", 4],
    ["ﾊﾝｶｸ", 4],
    ["ＡＢ", 4],
    ["🚢", 2],
    ["👩‍👩‍👧", 2],
    ["🇨🇭", 2],
    ["❤️", 2],
    ["→ …", 3],
    ["a\tb", 10],
  ] as const;
  for (const [text, width] of widths) assert.equal(widthOf(text), width, JSON.stringify(text));
});

test("what has room is cut between characters", () => {
  assert.equal(headOf("网站a", 3), "网");
  assert.equal(headOf("ne\u0301x", 2), "ne\u0301");
  assert.equal(tailOf("a👩‍👩‍👧", 2), "👩‍👩‍👧");
  assert.equal(tailOf("a👩‍👩‍👧", 1), "");
  assert.equal(tailOf("abc", 0), "");
  assert.equal(headOf("abc", 5), "abc");
});
