import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { globSync, mkdtempSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { test } from "node:test";
import { startServerProcess } from "../apps/httpserver/src/testing/server-process.ts";
import { bundledCommand, bundledHttpserver } from "../scripts/bundle.ts";
import { freshBundle } from "../scripts/fresh-bundle.mjs";

test("the command is bundled once, and again when a source has changed", async () => {
  const source = resolve("packages/cli/src/version.ts");
  const { atime, mtime } = statSync(source);
  const first = await bundledCommand();
  assert.match(readFileSync(new URL("main.cjs", first), "utf8"), /runCli/);
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

test("the reference service runs from its bundle, with its pages and the thread of its probes", async () => {
  assert.equal(await bundledHttpserver(), freshBundle("httpserver"));
  await using server = await startServerProcess({ HEALTH_THREAD_PORT: "0" });
  const page = await fetch(server.origin, { headers: { accept: "text/html" } });
  assert.match(await page.text(), /<html/);
  assert.equal((await fetch(`${server.origin}/readyz`)).status, 200);
});

test("compiled code is kept, and what was kept may be broken or gone", () => {
  const kept = mkdtempSync(join(tmpdir(), "kept-code-"));
  try {
    const listRules = () => {
      const { status, stdout, stderr } = spawnSync(
        process.execPath,
        ["packages/cli/src/main.mjs", "check", "--list-rules"],
        { env: { ...process.env, NODE_COMPILE_CACHE: kept }, encoding: "utf8" },
      );
      assert.deepEqual([status, stderr], [0, ""]);
      return stdout;
    };
    const callsIn = (file: string) =>
      (JSON.parse(readFileSync(file, "latin1").split("\n", 1)[0]!) as { readonly calls: readonly string[] })
        .calls;
    const told = listRules();
    const [file, ...others] = globSync(join(kept, "*/program-*-check"));
    assert.ok(file !== undefined);
    assert.deepEqual(others, []);
    assert.deepEqual(callsIn(file), ["--list-rules"]);
    assert.ok(statSync(file).size > 100_000);
    assert.equal(listRules(), told);
    assert.deepEqual(callsIn(file), ["--list-rules", "--list-rules"]);
    for (const broken of ["", "no JSON\n", readFileSync(file, "latin1").slice(0, 5_000)]) {
      writeFileSync(file, broken, "latin1");
      assert.equal(listRules(), told);
      assert.ok(statSync(file).size > 100_000);
    }
  } finally {
    rmSync(kept, { recursive: true });
  }
});
