import assert from "node:assert/strict";
import { test } from "node:test";
import { findComments } from "./find-comments.ts";

test("comments are found with the line that they are about", () => {
  const text = [
    "# at the top",
    "a: b # behind",
    "c: 'd # no comment'",
    "",
    "e:",
    "  # first",
    "  # second",
    "",
    "  - f#no comment",
    "text: |",
    "  # no comment either",
    "---",
    "  # alone at the end",
  ].join("\r\n");
  assert.deepEqual(
    findComments(text).map((each) => `${each.line}:${each.column} ${each.text} → ${each.about}`),
    [
      "1:1 # at the top → 2",
      "2:6 # behind → 2",
      "6:3 # first → 9",
      "7:3 # second → 9",
      "13:3 # alone at the end → 13",
    ],
  );
});
