import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test, type TestContext } from "node:test";
import { seaworthy } from "./seaworthy-command.ts";
import { shopManifest } from "./shop-manifest.ts";

/** Bad input ends before anything is started. */
const timeoutMs = 20_000;

async function folderWith(context: TestContext, manifest: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "seaworthy-test-"));
  context.after(() => rm(folder, { recursive: true, force: true }));
  await writeFile(join(folder, "app.yaml"), manifest);
  return folder;
}

const manifests: readonly [name: string, text: string, code: string, place: string][] = [
  ["broken YAML", shopManifest.replace("- name: shop", "- name: [shop"), "SW1101", "app.yaml:"],
  [
    "a duplicate key",
    shopManifest.replace("  replicas: 2\n", "  replicas: 2\n  replicas: 3\n"),
    "SW1102",
    "app.yaml:7:3",
  ],
  ["an unknown field", shopManifest.replace("replicas: 2", "replicaz: 2"), "SW1103", "app.yaml:6:3"],
  ["an unknown kind", shopManifest.replace("kind: Service", "kind: Servise"), "SW1104", "app.yaml:27:7"],
  [
    "a Service that selects nothing",
    shopManifest.replace("selector:\n    app: shop\n  ports", "selector:\n    app: shopp\n  ports"),
    "SW1201",
    "app.yaml:32:10",
  ],
];

for (const [name, manifest, code, place] of manifests) {
  test(`${name}: exit 2 with code, place and what to do`, async (context) => {
    const folder = await folderWith(context, manifest);
    const { stdout, stderr, exitCode } = await seaworthy(["trial", "app.yaml"], { cwd: folder, timeoutMs });
    assert.equal(exitCode, 2, stderr);
    assert.equal(stdout, "");
    assert.match(stderr, new RegExp(`^error\\[${code}\\]: .+`));
    assert.ok(stderr.includes(place), stderr);
    assert.match(stderr, /│ next {2}\S/);
  });
}

test("nothing but gRPC to ask, of a stand-in: exit 2, and how to name a method and a program", async (context) => {
  const folder = await folderWith(
    context,
    shopManifest.replace("- port: 80", "- name: grpc\n      port: 80"),
  );
  const { stdout, stderr, exitCode } = await seaworthy(["trial", "app.yaml"], { cwd: folder, timeoutMs });
  assert.equal(exitCode, 2, stderr);
  assert.equal(stdout, "");
  assert.match(
    stderr,
    /^error\[SW1202\]: [^]*grpc\.health\.v1\.Health\/Check[^]*next {2}name a method [^]*--run/m,
  );
  assert.doesNotMatch(stderr, /--path/);
});

test("what the API server refuses: exit 2, with its words and the line of each field", async (context) => {
  const manifest = shopManifest
    .replace("          image: shop:1\n", "          image: shop:1\n          imagePullPolicy: Allways\n")
    .replace("containerPort: 8080\n", "containerPort: 80800\n");
  const folder = await folderWith(context, manifest);
  const { stderr, exitCode } = await seaworthy(["trial", "."], { cwd: folder, timeoutMs });
  assert.equal(exitCode, 2, stderr);
  assert.match(
    stderr,
    /refused Deployment default\/shop: spec\.template\.spec\.containers\[0\]\.imagePullPolicy: Unsupported value: "Allways": supported values: "Always", "IfNotPresent", "Never"\n.*app\.yaml:18:28/,
  );
  assert.match(
    stderr,
    /ports\[0\]\.containerPort: Invalid value: 80800: must be between 1 and 65535, inclusive\n.*app\.yaml:20:30/,
  );
  assert.equal(stderr.match(/error\[SW3001\]/g)?.length, 2, stderr);
});

test("several problems are told at once", async (context) => {
  const folder = await folderWith(
    context,
    shopManifest.replace("replicas: 2", "replicaz: 2").replace("targetPort", "targetPord"),
  );
  const { stderr, exitCode } = await seaworthy(["trial", "."], { cwd: folder, timeoutMs });
  assert.equal(exitCode, 2);
  assert.equal(stderr.match(/error\[SW1103\]/g)?.length, 2, stderr);
});

test("with --output json the errors are data on stdout, too", async (context) => {
  const folder = await folderWith(context, shopManifest.replace("replicas: 2", "replicaz: 2"));
  const { stdout, exitCode } = await seaworthy(["trial", ".", "--output", "json"], {
    cwd: folder,
    timeoutMs,
  });
  const { schema, errors } = JSON.parse(stdout) as { schema: string; errors: Record<string, unknown>[] };
  assert.equal(exitCode, 2);
  assert.equal(schema, "seaworthy.dev/error/v1");
  assert.deepEqual(
    [errors[0]?.["code"], errors[0]?.["file"], errors[0]?.["line"]],
    ["SW1103", "app.yaml", 6],
  );
});

const usage: readonly [name: string, args: readonly string[], code: string, hint: RegExp][] = [
  ["an unknown command", ["trail"], "SW1001", /did you mean seaworthy trial/],
  ["an unknown flag", ["trial", "--roundz", "2"], "SW1001", /did you mean --rounds/],
  ["a flag with a bad value", ["trial", "--rounds", "none"], "SW1002", /whole number/],
  ["a confidence that is none", ["trial", "--confidence", "sure"], "SW1002", /from 0.1% to 50%/],
  [
    "two efforts at once",
    ["trial", "--confidence", "5%", "--rounds", "2"],
    "SW1002",
    /leave one of them out/,
  ],
  ["a scenario that does not exist", ["trial", "--scenario", "storm"], "SW1002", /soak, rollout/],
  ["a profile that does not exist", ["trial", "--profile", "envoi"], "SW1002", /--profile envoy/],
  ["--url without a cluster", ["trial", "--url", "http://127.0.0.1"], "SW1002", /--kubeconfig FILE/],
  ["--suggest with data on stdout", ["trial", "--suggest", "--output", "markdown"], "SW1002", /--output/],
  ["a cluster without --url", ["trial", "--context", "x"], "SW1002", /--url/],
  ["a path that is not there", ["trial", "nowhere/"], "SW1003", /check the path/],
  ["a stand-in that cannot be", ["trial", ".", "--stand-in", "drain:soon"], "SW1002", /--stand-in drain:3s/],
  ["a log that is not there", ["trial", "--replay", "no.log"], "SW1003", /ls -l no\.log/],
  ["a log that is none", ["trial", "--replay", "app.yaml"], "SW1401", /combined format of nginx/],
  ["a description that is not there", ["size", "--openapi", "no.yaml"], "SW1003", /ls -l no\.yaml/],
  ["a description that is none", ["trial", "--openapi", "."], "SW1003", /cannot be read/],
  [
    "a log beside a path",
    ["size", "--path", "/", "--replay", "a.log"],
    "SW1002",
    /leave out --path or --replay/,
  ],
  ["a p99 that is no time", ["size", "--p99", "quick"], "SW1002", /500ms/],
  ["a growth that is no number", ["size", "--growth", "a lot"], "SW1002", /from 0 to 1000/],
  ["a hold that is too short", ["size", "--hold", "1"], "SW1002", /from 3 to 600/],
  ["a highest rate of nothing", ["size", "--most", "0"], "SW1002", /from 1 to 100000/],
  ["a rate below one", ["size", "--rate", "0"], "SW1002", /from 1 to/],
  ["an output that does not exist", ["size", "--output", "yaml"], "SW1002", /patch/],
  ["a Deployment that is not there", ["size", "--deployment", "shopp"], "SW1002", /--deployment shop/],
  ["a --run that is no pair", ["trial", ".", "--run", "shop"], "SW2004", /--run shop=/],
];

for (const [name, args, code, hint] of usage) {
  test(`${name}: exit 2 with a hint`, async (context) => {
    const folder = await folderWith(context, shopManifest);
    const { stdout, stderr, exitCode } = await seaworthy(args, { cwd: folder, timeoutMs });
    assert.equal(exitCode, 2, stderr);
    assert.equal(stdout, "");
    assert.ok(stderr.includes(`[${code}]`), stderr);
    assert.match(stderr, hint);
  });
}

test("a folder without manifests: exit 2", async (context) => {
  const folder = await folderWith(context, "");
  await rm(join(folder, "app.yaml"));
  const { stderr, exitCode } = await seaworthy(["trial"], { cwd: folder, timeoutMs });
  assert.equal(exitCode, 2);
  assert.match(stderr, /SW1004/);
});

test("help needs no folder and exits 0", async (context) => {
  const folder = await folderWith(context, shopManifest);
  for (const args of [["--help"], ["trial", "--help"], ["help", "up"], []]) {
    const { stdout, stderr, exitCode } = await seaworthy(args, { cwd: folder, timeoutMs });
    assert.deepEqual([exitCode, stderr], [0, ""]);
    assert.match(stdout, /seaworthy/);
  }
});
