import assert from "node:assert/strict";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { test, type TestContext } from "node:test";
import { seaworthy } from "./seaworthy-command.ts";
import { shopManifest } from "./shop-manifest.ts";

/** Runs `seaworthy check` in a folder with these files. */
async function check(context: TestContext, files: Readonly<Record<string, string>>, args: readonly string[]) {
  const cwd = await mkdtemp(join(tmpdir(), "seaworthy-test-"));
  context.after(() => rm(cwd, { recursive: true, force: true }));
  for (const [file, text] of Object.entries(files)) {
    await mkdir(dirname(join(cwd, file)), { recursive: true });
    await writeFile(join(cwd, file), text);
  }
  const env = { PATH: dirname(process.execPath), KUBECTL: "" };
  return await seaworthy(["check", ...args], { cwd, env, timeoutMs: 20_000 });
}

test("a finding is told with its line, and exit code 1", async (context) => {
  const { stdout, stderr, exitCode } = await check(context, { "k8s/app.yaml": shopManifest }, ["k8s"]);
  assert.equal(exitCode, 1, stderr);
  assert.equal(stderr, "");
  assert.match(stdout, /^warning\[no-drain\]: container \S+ gets SIGTERM/m);
  assert.match(stdout, / │ k8s\/app\.yaml:\d+:\d+ /);
  assert.match(stdout, /2 objects in 1 file, \d+ rules? \(profile default\)\n$/);
});

test("--fail-on, the settings and --rule decide what counts", async (context) => {
  const files = {
    "app.yaml": shopManifest,
    "seaworthy.yaml": "check: { failOn: advice, rules: { no-drain: advice } }\n",
  };
  const only = ["--profile", "polaris", "--rule", "no-drain"];
  assert.equal((await check(context, files, [...only, "--fail-on", "error", "."])).exitCode, 0);
  assert.equal((await check(context, files, ["--profile", "polaris", "."])).exitCode, 1);
  assert.equal(
    (await check(context, files, ["--profile", "polaris", "--rule", "no-drain=off", "."])).exitCode,
    0,
  );
});

test("a chart without helm is one sentence and exit code 2, and hides nothing", async (context) => {
  const files = { "app.yaml": shopManifest, "chart/Chart.yaml": "name: a\n", "bad.yaml": "a: [\n" };
  const { stdout, stderr, exitCode } = await check(context, files, ["."]);
  assert.equal(exitCode, 2);
  assert.match(
    stderr,
    /^error\[SW1006\]: chart is a Helm chart: helm template chart chart \| seaworthy check -\n/,
  );
  assert.match(stdout, /no-drain/);
  assert.match(stdout, /error\[SW1101\]: broken YAML[^]*bad\.yaml:/);
});

test("globs are matched, and nothing found is told", async (context) => {
  const files = { "a/b/app.yaml": shopManifest };
  assert.equal((await check(context, files, ["a/**/*.yaml"])).exitCode, 1);
  const { stderr, exitCode } = await check(context, files, ["b/*.yaml"]);
  assert.equal(exitCode, 2);
  assert.match(stderr, /^error\[SW1003\]: b\/\*\.yaml matches no file\n/);
});
