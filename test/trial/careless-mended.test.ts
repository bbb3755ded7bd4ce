import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { cpSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { test } from "node:test";
import { assertNoFailures, verdictOf } from "./verdict-of.ts";

test("its documented diff brings the careless example to zero", async (context) => {
  const folder = mkdtempSync(join(tmpdir(), "seaworthy-mended-"));
  context.after(() => {
    rmSync(folder, { recursive: true, force: true });
  });
  cpSync("examples/careless", folder, { recursive: true });
  execFileSync(
    "git",
    ["apply", "--unsafe-paths", "-p3", `--directory=${folder}`, resolve("examples/careless/fixed.diff")],
    { cwd: "/" },
  );
  const { exitCode, verdict } = await verdictOf(folder, "--rate", "100", "--seed", "7", "--rounds", "2");
  assertNoFailures(verdict);
  assert.equal(verdict.verdict, "seaworthy");
  assert.equal(exitCode, 0);
});
