import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { test } from "node:test";
import { schemaProblems, type Schema } from "../packages/load/src/testing/schema-problems.ts";
import { seaworthy } from "./seaworthy-command.ts";

const schema = JSON.parse(readFileSync("docs/schemas/trial-v1.schema.json", "utf8")) as Schema;

interface Verdict {
  readonly schema: string;
  readonly verdict: "seaworthy" | "leaking" | "invalid";
  readonly requests: { readonly scheduled: number; readonly ok: number; readonly failed: number };
  readonly unavoidable: number;
  readonly terminations: number;
  readonly failures: readonly {
    readonly class: string;
    readonly pod: string | null;
    readonly sinceDeletionMs: number | null;
    readonly cause: string;
    readonly advice: string | null;
  }[];
  readonly latency: Readonly<Record<"p50Ms" | "p99Ms" | "p999Ms" | "maxMs", number>>;
  readonly generator: { readonly lagP99Ms: number };
  readonly scenarios: readonly {
    readonly name: string;
    readonly verdict: string;
    readonly startedAt: string;
    readonly endedAt: string;
  }[];
}

async function verdictOf(
  path: string,
  ...flags: string[]
): Promise<{ exitCode: number | null; verdict: Verdict }> {
  const { exitCode, stdout, stderr } = await seaworthy([
    "trial",
    resolve(path),
    "--output",
    "json",
    ...flags,
  ]);
  assert.ok(stdout.startsWith("{"), `no verdict; exit ${exitCode}\n${stderr}`);
  const data = JSON.parse(stdout) as Record<string, unknown>;
  assert.deepEqual(schemaProblems(data, schema), []);
  assert.equal(schemaProblems({ ...data, surprise: 1 }, schema).length, 1);
  return { exitCode, verdict: data as unknown as Verdict };
}

/** A few of them are shown: a diff of thousands of objects takes gigabytes. */
function assertNoFailures({ failures }: Verdict): void {
  assert.equal(failures.length, 0, JSON.stringify(failures.slice(0, 3), undefined, 1));
}

test("the reference service loses nothing in two rollouts of three replicas", async () => {
  const { exitCode, verdict } = await verdictOf("apps/httpserver", "--rounds", "2", "--rate", "300");
  assertNoFailures(verdict);
  assert.equal(verdict.verdict, "seaworthy");
  assert.equal(verdict.schema, "seaworthy.dev/trial/v1");
  assert.equal(verdict.requests.failed, 0);
  assert.equal(verdict.requests.ok, verdict.requests.scheduled);
  assert.equal(verdict.terminations, 6);
  assert.equal(exitCode, 0);
});

test("the careless example leaks in at least two ways, each with pod, time, cause and advice", async () => {
  const first = await verdictOf("examples/careless", "--seed", "7", "--rounds", "2");
  assert.equal(first.exitCode, 1);
  assert.equal(first.verdict.verdict, "leaking");
  assert.ok(new Set(first.verdict.failures.map((failure) => failure.class)).size >= 2);
  for (const failure of first.verdict.failures) {
    assert.ok(
      failure.pod !== null &&
        failure.sinceDeletionMs !== null &&
        failure.cause !== "" &&
        failure.advice !== null,
      JSON.stringify(failure),
    );
  }
});

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
  const { exitCode, verdict } = await verdictOf(folder, "--seed", "7", "--rounds", "2");
  assertNoFailures(verdict);
  assert.equal(verdict.verdict, "seaworthy");
  assert.equal(exitCode, 0);
});

test("what goes with killed pods is counted apart, and a trial of nothing else needs no pod ends", async () => {
  const { exitCode, verdict } = await verdictOf("apps/httpserver", "--scenario", "pod-kill", "--rate", "100");
  assert.deepEqual(
    verdict.scenarios.map(({ name, verdict: each }) => `${name} ${each}`),
    ["pod-kill held"],
    JSON.stringify(verdict.failures.filter(({ cause }) => cause !== "pod-killed").slice(0, 3)),
  );
  assert.equal(verdict.unavoidable, verdict.requests.failed);
  assert.equal(verdict.terminations, 0);
  assert.equal(verdict.verdict, "seaworthy");
  assert.equal(exitCode, 0);
});

test("--suggest prints a patch of measured times with its arithmetic, and --fix writes it", async (context) => {
  const folder = mkdtempSync(join(tmpdir(), "seaworthy-measured-"));
  context.after(() => {
    rmSync(folder, { recursive: true, force: true });
  });
  cpSync("examples/careless", folder, { recursive: true });
  const { stdout, stderr } = await seaworthy(["trial", folder, "--suggest", "--fix", "--rounds", "2"]);
  assert.match(stdout, /^# computed from one run with the profile ingress-nginx, 6 pod ends\n/, stderr);
  assert.match(stdout, /# +preStop\.sleep\.seconds: \d+ s, today 0 s\n# +max\(5 s, \d+ s \+ 2 s\)/);
  assert.match(stdout, /\n {12}preStop:\n {14}sleep:\n {16}seconds: \d+\n/);
  assert.match(readFileSync(join(folder, "k8s", "careless.yaml"), "utf8"), /preStop:\n +sleep:\n/);
});
