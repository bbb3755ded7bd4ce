import assert from "node:assert/strict";
import { test } from "node:test";
import * as fc from "fast-check";
import { linesOf, longestLine } from "./lines-of.ts";

async function* chunksOf(...chunks: (string | Uint8Array)[]) {
  yield* chunks;
}

async function all(...chunks: (string | Uint8Array)[]): Promise<(string | undefined)[]> {
  return (await Array.fromAsync(linesOf(chunksOf(...chunks)))).flat();
}

test("lines are the same however the bytes come, also where a character is cut", async () => {
  const text = fc.array(fc.string({ unit: "grapheme" }).filter((line) => !/[\r\n]/.test(line)));
  await fc.assert(
    fc.asyncProperty(text, fc.array(fc.nat()), async (lines, cuts) => {
      const bytes = Buffer.from(lines.map((line) => `${line}\n`).join(""));
      const ends = [...cuts.map((cut) => cut % (bytes.length + 1)), bytes.length].toSorted((a, b) => a - b);
      const chunks = ends.map((end, index) => bytes.subarray(ends[index - 1] ?? 0, end));
      assert.deepEqual(await all(...chunks), lines);
    }),
  );
});

test("a last line without an end counts, and a carriage return is none of it", async () => {
  assert.deepEqual(await all("a\r\nb", "c"), ["a", "bc"]);
  assert.deepEqual(await all(), []);
});

test("a line that is too long is not kept, and the next one is read", async () => {
  const long = "x".repeat(longestLine);
  assert.deepEqual(await all(`${long}\n`, long, "y", "\nb\n", long, "z"), [long, undefined, "b", undefined]);
});
