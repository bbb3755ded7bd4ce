import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { sourceFiles } from "./source-files.ts";

/** What each package shows to the others. A change here is a change of its face, so it is made on purpose. */
const faces = JSON.parse(readFileSync(new URL("./exports.json", import.meta.url), "utf8")) as Record<
  string,
  string[]
>;

const packageNames = [...new Set(sourceFiles("packages").map((file) => file.split("/")[1] ?? ""))].filter(
  (name) => name !== "cli",
);

for (const name of packageNames) {
  test(`@seaworthy/${name} exports what exports.json says`, async () => {
    const exported: string[] = Object.keys((await import(`@seaworthy/${name}`)) as object).sort();
    assert.deepEqual(exported, faces[name] ?? []);
  });

  test(`@seaworthy/${name} names every export by hand, and in one place`, () => {
    for (const file of sourceFiles(`packages/${name}/src`)) {
      const text = readFileSync(file, "utf8");
      assert.ok(!/^export \*/m.test(text), `${file} has an export *`);
      if (file.endsWith("/index.ts")) assert.equal(file, `packages/${name}/src/index.ts`);
    }
  });
}
