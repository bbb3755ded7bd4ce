import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { checkFiles } from "./check-files.ts";
import { shopManifest } from "../shop-manifest.ts";

test("a finding is told with its line, and exit code 1", async (context) => {
  const { stdout, stderr, exitCode } = await checkFiles(context, { "k8s/app.yaml": shopManifest }, ["k8s"]);
  assert.equal(exitCode, 1, stderr);
  assert.equal(stderr, "");
  assert.match(stdout, /^warning\[no-drain\]: container \S+ gets SIGTERM/m);
  assert.match(stdout, / │ k8s\/app\.yaml:\d+:\d+ /);
  assert.match(stdout, /2 objects in 1 file, \d+ rules? \(profile default\)\n1 can be mended by --fix\n$/);
});

test("--fail-on, the settings and --rule decide what counts", async (context) => {
  const files = {
    "app.yaml": shopManifest,
    "seaworthy.yaml": "check: { failOn: advice, rules: { no-drain: advice } }\n",
  };
  const only = ["--profile", "none"];
  assert.equal((await checkFiles(context, files, [...only, "--fail-on", "error", "."])).exitCode, 0);
  assert.equal((await checkFiles(context, files, ["--profile", "none", "."])).exitCode, 1);
  assert.equal(
    (await checkFiles(context, files, ["--profile", "none", "--rule", "no-drain=off", "."])).exitCode,
    0,
  );
});

test("a chart without helm is one sentence and exit code 2, and hides nothing", async (context) => {
  const files = { "app.yaml": shopManifest, "chart/Chart.yaml": "name: a\n", "bad.yaml": "a: [\n" };
  const { stdout, stderr, exitCode } = await checkFiles(context, files, ["."]);
  assert.equal(exitCode, 2);
  assert.match(
    stderr,
    /^error\[SW1006\]: chart is a Helm chart: helm template chart chart \| seaworthy check -\n/,
  );
  assert.match(stdout, /no-drain/);
  assert.match(stdout, /error\[SW1101\]: broken YAML[^]*bad\.yaml:/);
});

test("what is found in an overlay is shown in its base or its patch", async (context) => {
  const kubectl = process.env["KUBECTL"];
  if (kubectl === undefined) return context.skip("KUBECTL names no kubectl");
  const files = {
    "base/kustomization.yaml": "resources: [app.yaml]\n",
    "base/app.yaml": shopManifest,
    "prod/kustomization.yaml": "namePrefix: prod-\nresources: [../base]\npatches: [{ path: image.yaml }]\n",
    "prod/image.yaml":
      "apiVersion: apps/v1\nkind: Deployment\nmetadata: { name: shop }\nspec:\n  template:\n    spec:\n      containers: [{ name: shop, image: 'shop:latest' }]\n",
  };
  const { stdout, stderr } = await checkFiles(context, files, ["prod"], { KUBECTL: kubectl });
  assert.match(
    stdout,
    /^warning\[no-drain\][^]*? │ base\/app\.yaml:16:11 [^]*?rendered at kubectl kustomize prod:/m,
    stderr,
  );
  assert.match(stdout, / │ prod\/image\.yaml:7:41 /);
  assert.doesNotMatch(stdout, /by --fix/, "nothing is written into what is rendered");
});

test("globs are matched, and nothing found is told", async (context) => {
  const files = { "a/b/app.yaml": shopManifest };
  assert.equal((await checkFiles(context, files, ["a/**/*.yaml"])).exitCode, 1);
  const { stderr, exitCode } = await checkFiles(context, files, ["b/*.yaml"]);
  assert.equal(exitCode, 2);
  assert.match(stderr, /^error\[SW1003\]: b\/\*\.yaml matches no file\n/);
});

test("where nothing could be read nothing is praised", async (context) => {
  const nothing = await checkFiles(context, {}, ["app.yaml"]);
  assert.equal(nothing.exitCode, 2);
  assert.match(nothing.stdout, /^nothing was looked at {3}0 objects/);
  const part = await checkFiles(context, { "app.yaml": shopManifest }, [
    "app.yaml",
    "gone.yaml",
    "--profile",
    "none",
  ]);
  assert.equal(part.exitCode, 2);
  assert.match(part.stdout, /^nothing found in what could be read {3}/m);
});

test("a baseline keeps old findings silent, and says how many are gone", async (context) => {
  const files = { "app.yaml": shopManifest };
  const only = ["--profile", "none", "--rule", "no-drain", "--baseline", "old.json"];
  const written = await checkFiles(context, files, ["app.yaml", ...only, "--write-baseline"]);
  assert.deepEqual([written.exitCode, written.stdout], [0, ""]);
  assert.equal(written.stderr, "  old.json holds 1 finding now\n");
  const old = await readFile(join(written.folder, "old.json"), "utf8");
  const again = await checkFiles(context, { ...files, "old.json": old }, ["app.yaml", ...only]);
  assert.equal(again.exitCode, 0);
  assert.match(again.stdout, /^✔ nothing found .*\n1 known from the baseline\n$/);
  const mended = {
    "app.yaml": shopManifest.replace("image: shop:1", "lifecycle: {preStop: {sleep: {seconds: 5}}}"),
    "old.json": old,
  };
  assert.match((await checkFiles(context, mended, ["app.yaml", ...only])).stdout, /1 of the baseline gone/);
});

test("a baseline that is not there, or cannot be, is the user's to mend", async (context) => {
  const files = { "app.yaml": shopManifest };
  const gone = await checkFiles(context, files, ["app.yaml", "--baseline", "old.json"]);
  assert.equal(gone.exitCode, 2);
  assert.match(gone.stderr, /^error\[SW1003\]: the baseline old\.json cannot be read: it does not exist\n/);
  const args = ["app.yaml", "--baseline", "none/old.json", "--write-baseline"];
  const nowhere = await checkFiles(context, files, args);
  assert.equal(nowhere.exitCode, 2);
  assert.match(nowhere.stderr, /SW1003\]: the baseline none\/old\.json cannot be written: its folder does/);
});

test("a baseline is not written over where something could not be read", async (context) => {
  const files = { "app.yaml": shopManifest, "old.json": "old" };
  const args = ["app.yaml", "gone.yaml", "--baseline", "old.json", "--write-baseline"];
  const { folder, exitCode, stderr } = await checkFiles(context, files, args);
  assert.equal(exitCode, 2);
  assert.match(
    stderr,
    /^ {2}old\.json is not written, because .*\nerror\[SW1003\]: gone\.yaml cannot be read/,
  );
  assert.equal(await readFile(join(folder, "old.json"), "utf8"), "old");
});

test("--explain shows a rule's page with its examples, and --list-rules all of them", async (context) => {
  const { stdout, exitCode } = await checkFiles(context, {}, ["--explain", "no-drain"]);
  assert.equal(exitCode, 0);
  assert.match(stdout, /^# no-drain\n[^]*## What breaks it\n\n```yaml\n[^]*kind: Service/);
  assert.match((await checkFiles(context, {}, ["--list-rules"])).stdout, /^no-drain +warning +a pod behind/m);
  const wrong = await checkFiles(context, {}, ["--explain", "no-drian"]);
  assert.match(wrong.stderr, /did you mean no-drain\?/);
});
