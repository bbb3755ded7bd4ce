import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { parseDocuments } from "@seaworthy/kube";
import { checkMutated } from "../testing/check-mutated.ts";
import { exampleFiles } from "../testing/rule-folders.ts";

const texts = exampleFiles.map((file) => readFileSync(file, "utf8"));

// bench/check/run-fuzz.ts does the same a million times.
test("a mutated manifest is told of or checked, and never more than that", async () => {
  const first = 1;
  for (let seed = first; seed < first + 150; seed += 1)
    await checkMutated(seed, texts).catch((error: unknown) => {
      throw new Error(`seed ${seed}`, { cause: error });
    });
});

const hostile: readonly [name: string, text: string][] = [
  ["brackets within brackets", "[".repeat(200_000)],
  ["brackets that are closed", `${"[".repeat(20_000)}${"]".repeat(20_000)}`],
  ["maps within maps", "a: {".repeat(50_000)],
  ["lists within lists", "- ".repeat(50_000)],
  ["blocks within blocks", Array.from({ length: 3_000 }, (_, depth) => `${" ".repeat(depth)}a:`).join("\n")],
  [
    "aliases of aliases",
    `a: &a [x]\n${Array.from("bcdefghijklmnop", (name, index) => `${name}: &${name} [${Array.from({ length: 9 }, () => `*${"abcdefghijklmno"[index]}`).join()}]`).join("\n")}`,
  ],
  ["an endless line", `a: ${"x".repeat(5_000_000)}`],
  ["a thousand marks", "---\n".repeat(10_000)],
  ["no text at all", "\u0000\u0001\ud800\ufeff"],
];

for (const [name, text] of hostile) {
  test(`${name}: it is told of, or nothing is there`, () => {
    const { manifests, problems } = parseDocuments("a.yaml", text);
    assert.equal(manifests.length, 0);
    if (name !== "a thousand marks") assert.ok(problems.length > 0);
  });
}
