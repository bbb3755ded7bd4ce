import assert from "node:assert/strict";
import { readFileSync, statSync, utimesSync } from "node:fs";
import { resolve } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { bundledCommand } from "../scripts/bundle.ts";

test("the command is bundled once, and again when a source has changed", async () => {
  const source = resolve("packages/cli/src/version.ts");
  const { atime, mtime } = statSync(source);
  const first = await bundledCommand();
  assert.match(readFileSync(fileURLToPath(first), "utf8"), /runCli/);
  assert.equal(await bundledCommand(), first);
  utimesSync(source, atime, new Date(mtime.getTime() - 1000));
  try {
    const second = await bundledCommand();
    assert.notEqual(second, first);
    assert.equal(await bundledCommand(), second);
  } finally {
    utimesSync(source, atime, mtime);
  }
});
