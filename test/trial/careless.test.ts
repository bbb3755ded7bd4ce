import assert from "node:assert/strict";
import { cpSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { seaworthy } from "../seaworthy-command.ts";
import type { Verdict } from "./verdict-of.ts";

test("the careless example leaks in at least two ways, each with its cause, and --suggest and --fix have measured times", async (context) => {
  const folder = mkdtempSync(join(tmpdir(), "seaworthy-measured-"));
  context.after(() => {
    rmSync(folder, { recursive: true, force: true });
  });
  cpSync("examples/careless", folder, { recursive: true });
  const args = ["trial", ".", "--suggest", "--fix", "--rate", "100", "--seed", "7", "--rounds", "2"];
  const { exitCode, stdout, stderr } = await seaworthy(args, { cwd: folder });
  assert.equal(exitCode, 1, stderr);
  const report = JSON.parse(readFileSync(join(folder, "seaworthy-report.json"), "utf8")) as Verdict;
  assert.equal(report.verdict, "leaking");
  assert.ok(new Set(report.failures.map((failure) => failure.class)).size >= 2);
  for (const failure of report.failures) {
    assert.ok(
      failure.pod !== null &&
        failure.sinceDeletionMs !== null &&
        failure.cause !== "" &&
        failure.advice !== null,
      JSON.stringify(failure),
    );
  }
  assert.match(stdout, /^# computed from one run with the profile ingress-nginx, 6 pod ends\n/, stderr);
  assert.match(stdout, /# +preStop\.sleep\.seconds: \d+ s, today 0 s\n# +max\(5 s, \d+ s \+ 2 s\)/);
  assert.match(stdout, /\n {12}preStop:\n {14}sleep:\n {16}seconds: \d+\n/);
  assert.match(readFileSync(join(folder, "k8s", "careless.yaml"), "utf8"), /preStop:\n +sleep:\n/);
});
