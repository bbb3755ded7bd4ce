import assert from "node:assert/strict";
import { dirname, join } from "node:path";
import { test } from "node:test";
import { importsOf } from "./imports-of.ts";
import { sourceFiles } from "./source-files.ts";

const roots = ["packages", "apps"];

/** So many files one can look over at a glance. */
const mostFiles = 25;

test(`no folder holds more than ${mostFiles} files`, () => {
  const counts = Map.groupBy(
    [...roots, "test", "bench", "scripts"].flatMap((root) => sourceFiles(root)),
    dirname,
  );
  const crowded = [...counts].filter(([, files]) => files.length > mostFiles);
  assert.deepEqual(
    crowded.map(([folder, files]) => `${folder}: ${files.length}`),
    [],
  );
});

test("what only tests import stands in a folder named testing", () => {
  const isOfTests = (file: string) =>
    file.endsWith(".test.ts") || /\/(?:testing|bench|examples)\//.test(file);
  const files = roots.flatMap((root) => sourceFiles(root));
  const importers = new Map<string, string[]>();
  for (const file of files)
    for (const [specifier] of importsOf(file)) {
      if (!specifier.startsWith(".")) continue;
      const target = join(dirname(file), specifier);
      importers.set(target, [...(importers.get(target) ?? []), file]);
    }
  const misplaced = files.filter((file) => {
    const own = importers.get(file) ?? [];
    return /\/src\//.test(file) && !isOfTests(file) && own.length > 0 && own.every(isOfTests);
  });
  assert.deepEqual(misplaced, []);
});

test("no folder or file is a drawer for leftovers", () => {
  const drawers = /(^|\/)(utils?|helpers?|common|misc|[a-z-]*manager)(\.ts|\/)/;
  const found = [...sourceFiles("packages"), ...sourceFiles("apps")].filter((file) => drawers.test(file));
  assert.deepEqual(found, []);
});
