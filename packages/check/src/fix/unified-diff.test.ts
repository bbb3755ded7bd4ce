import assert from "node:assert/strict";
import { test } from "node:test";
import * as fc from "fast-check";
import { lineScript } from "./line-script.ts";
import { unifiedDiff } from "./unified-diff.ts";

const lines = fc.array(fc.constantFrom("a\n", "b\n", "c\n", "d\n"), { maxLength: 30 });

test("a script leads from one text to the other, with as few changes as need be", () => {
  fc.assert(
    fc.property(lines, lines, (before, after) => {
      const script = lineScript(before, after);
      assert.deepEqual(
        script.filter(({ mark }) => mark !== "+").map(({ line }) => line),
        before,
      );
      assert.deepEqual(
        script.filter(({ mark }) => mark !== "-").map(({ line }) => line),
        after,
      );
      assert.equal(script.filter(({ mark }) => mark === " ").length, longestCommon(before, after));
    }),
  );
});

function longestCommon(one: readonly string[], other: readonly string[]): number {
  let row = Array.from({ length: other.length + 1 }, () => 0);
  for (const line of one) {
    const next = [0];
    for (const [index, each] of other.entries())
      next.push(line === each ? row[index]! + 1 : Math.max(row[index + 1]!, next[index]!));
    row = next;
  }
  return row.at(-1)!;
}

test("changes that are near each other share a hunk, and pieces keep their lines", () => {
  const piece = (name: string, end = "\n") => `---\nname: ${name}\na\nb\nc\nd\ne\nf\ng${end}`;
  assert.equal(
    unifiedDiff(
      "k8s/app.yaml",
      [piece("one"), piece("two", "")],
      [piece("one").replace("f\n", ""), piece("three", "")],
    ),
    `--- a/k8s/app.yaml
+++ b/k8s/app.yaml
@@ -5,8 +5,7 @@
 c
 d
 e
-f
 g
 ---
-name: two
+name: three
 a
 b
 c
`.replace("@@ -5,8 +5,7 @@", "@@ -5,10 +5,9 @@"),
  );
  assert.match(
    unifiedDiff("/k8s/a.yaml", ["a"], ["b"]),
    /^--- \/k8s\/a\.yaml\n\+\+\+ \/k8s\/a\.yaml\n@@ -1,1 \+1,1 @@\n-a\n\\ No newline at end of file\n\+b\n\\ No newline at end of file\n$/,
  );
});
