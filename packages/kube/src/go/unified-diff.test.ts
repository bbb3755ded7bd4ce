import assert from "node:assert/strict";
import { test } from "node:test";
import * as fc from "fast-check";
import { unifiedDiff } from "./unified-diff.ts";

const line = fc.constantFrom("{", "}", " a", " b", " c");
const text = fc.array(line, { maxLength: 30 }).map((lines) => lines.join("\n"));

test("equal texts have no difference", () => {
  fc.assert(fc.property(text, (same) => assert.equal(unifiedDiff(same, same), "")));
});

test("what is taken away and what comes leads from one text to the other", () => {
  fc.assert(
    fc.property(text, text, (before, after) => {
      assert.equal(patched(before, unifiedDiff(before, after)), after);
    }),
  );
});

test("three lines stand around a change, and changes that are near stand together", () => {
  const lines = Array.from({ length: 20 }, (_, index) => String(index));
  const changed = (...at: number[]): string =>
    lines.map((own, index) => (at.includes(index) ? "x" : own)).join("\n");
  assert.equal(
    unifiedDiff(lines.join("\n"), changed(10)),
    "@@ -8,7 +8,7 @@\n 7\n 8\n 9\n-10\n+x\n 11\n 12\n 13\n",
  );
  assert.equal(unifiedDiff(lines.join("\n"), changed(2, 9)).match(/^@@/gm)?.length, 1);
  assert.equal(unifiedDiff(lines.join("\n"), changed(2, 10)).match(/^@@/gm)?.length, 2);
});

/** Applies a difference to a text. */
function patched(before: string, difference: string): string {
  const lines = before.split("\n");
  const made: string[] = [];
  let at = 0;
  for (const entry of difference.split("\n").slice(0, -1)) {
    const [, from, length] = /^@@ -(\d+)(?:,(\d+))? /.exec(entry) ?? [];
    if (from !== undefined) {
      const begin = length === "0" ? Number(from) : Number(from) - 1;
      made.push(...lines.slice(at, begin));
      at = begin;
    } else if (entry.startsWith("+")) {
      made.push(entry.slice(1));
    } else {
      assert.equal(lines[at], entry.slice(1));
      if (entry.startsWith(" ")) made.push(entry.slice(1));
      at += 1;
    }
  }
  return [...made, ...lines.slice(at)].join("\n");
}
