import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, before, test } from "node:test";
import { exportProblems } from "../../scripts/packages/check-exports.ts";
import { packPackages, type Tarball } from "../../scripts/packages/pack-packages.ts";
import { seaworthy } from "../seaworthy-command.ts";
import { startCommand } from "../start-command.ts";
import { install, makeUserFolder } from "./user-folder.ts";

const temporary = mkdtempSync(path.join(tmpdir(), "seaworthy-packages-"));
/** A folder with the command alone, and one of a service that uses the libraries. */
const alone = path.join(temporary, "alone");
const shop = path.join(temporary, "shop");
let tarballs: readonly Tarball[];
const named = (name: string): Tarball[] => tarballs.filter((tarball) => tarball.name === name);
/** As a user types it. */
const npx = { command: ["npx", "--no-install", "seaworthy"] as const };
/** What npx starts, which a test can end. */
const started = { command: [path.join(alone, "node_modules/.bin/seaworthy")] as const };

before(async () => {
  tarballs = await packPackages(path.join(temporary, "packed"));
  makeUserFolder(alone);
  install(alone, named("seaworthy"), "--offline");
  makeUserFolder(shop);
  install(shop, tarballs);
});
after(() => rmSync(temporary, { recursive: true, force: true }));

test("npm gets one package for the command, and no sources", () => {
  assert.deepEqual(
    readdirSync(path.join(alone, "node_modules")).filter((name) => !name.startsWith(".")),
    ["seaworthy"],
  );
  const files = readdirSync(path.join(alone, "node_modules/seaworthy"), { recursive: true });
  assert.deepEqual(
    files.filter((file) => /(?<!\.d)\.ts$|\.test\./.test(String(file))),
    [],
  );
  const notices = readFileSync(path.join(alone, "node_modules/seaworthy/NOTICES.txt"), "utf8");
  assert.match(notices, /^yaml \d[^]*Permission to use, copy[^]*^ws \d|^ws \d[^]*^yaml \d/m);
});

test("what packages export is where it is said to be, with its types", async () => {
  assert.deepEqual(await exportProblems(tarballs), []);
});

test("the command checks manifests, in a folder with nothing else", async () => {
  const { exitCode, stdout, stderr } = await seaworthy(["check", "k8s/"], { ...npx, cwd: alone });
  assert.equal(exitCode, 1, stdout + stderr);
  assert.match(stdout, /k8s\/shop\.yaml:\d+:\d+[^]*2 objects in 1 file/);
});

test("rules of custom resources are understood: their language comes with the command", async () => {
  const definition = `apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata:
  name: boats.example.dev
spec:
  group: example.dev
  scope: Namespaced
  names: { kind: Boat, plural: boats }
  versions:
    - name: v1
      served: true
      storage: true
      schema:
        openAPIV3Schema:
          type: object
          properties:
            spec:
              type: object
              properties: { crew: { type: integer } }
              x-kubernetes-validations: [{ rule: self.crew > }]
`;
  writeFileSync(path.join(alone, "boats.yaml"), definition);
  const { exitCode, stderr } = await seaworthy(["up", "boats.yaml"], {
    ...started,
    cwd: alone,
    timeoutMs: 60_000,
  });
  assert.equal(exitCode, 2, stderr);
  assert.match(stderr, /boats\.yaml:\d+/);
});

test("the command sends a load from a process of its own", async (context) => {
  const server = createServer((_request, response) => response.end("hello\n"));
  context.after(() => server.close());
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  const args = ["load", url, "--rate", "20", "--duration", "1s", "--max-lag", "60s", "--output", "json"];
  const { exitCode, stdout, stderr } = await seaworthy(args, { ...npx, cwd: alone });
  assert.equal(exitCode, 0, stderr);
  assert.equal((JSON.parse(stdout) as { requests: { ok: number } }).requests.ok, 20);
});

test("the command starts a cluster, and ends it", async () => {
  await using cluster = startCommand(["cluster", "--output", "json"], { ...started, cwd: alone });
  await cluster.stdout.match(/"apiUrl"/);
  assert.equal(await cluster.end("SIGTERM"), 0);
});

test("the command runs the app of a folder", async () => {
  await using up = startCommand(["up", "k8s/"], { ...started, cwd: shop });
  const [url = ""] = await up.stdout.match(/http:\/\/127\.0\.0\.1:\d+/);
  assert.equal(await (await fetch(url)).text(), "hello\n");
  // Whichever pod is asked has answered its probe.
  const metrics = await (await fetch(`${url}/metrics`)).text();
  assert.match(metrics, /http_server_request_duration_seconds_count\{.*http_route="\/readyz".*\} [1-9]/);
  assert.equal(await up.end("SIGTERM"), 0);
});

test("the libraries work together, and their types tell what they are", { timeout: 60_000 }, () => {
  const settings = {
    extends: path.resolve("tsconfig.json"),
    compilerOptions: { typeRoots: [path.resolve("node_modules/@types")] },
    include: [],
    files: ["libraries.ts"],
  };
  writeFileSync(path.join(shop, "tsconfig.json"), JSON.stringify(settings));
  const tsc = path.resolve("node_modules/typescript/bin/tsc");
  const compiled = spawnSync(process.execPath, [tsc, "-p", "."], { cwd: shop, encoding: "utf8" });
  assert.equal(compiled.stdout, "");
  const said = execFileSync(process.execPath, ["libraries.ts"], { cwd: shop, encoding: "utf8" });
  assert.deepEqual(JSON.parse(said.split("\n").find((line) => line.startsWith('{"ok"')) ?? "null"), {
    ok: 20,
    nodes: 1,
    code: "SW5001",
  });
});

test("an older Node is told which one is needed, in one line", () => {
  const older = "data:text/javascript,Object.defineProperty(process.versions,'node',{value:'20.19.5'})";
  const command = path.join(alone, "node_modules/seaworthy/dist/command.mjs");
  const { status, stderr } = spawnSync(process.execPath, ["--import", older, command], { encoding: "utf8" });
  assert.equal(status, 2);
  assert.match(stderr, /^seaworthy: needs Node 24 or newer, [^\n]+\n$/);
});

// Last, because it takes longest.
test(
  "a trial of a service on the library loses nothing, and leaves its report",
  { timeout: 120_000 },
  async () => {
    const { exitCode, stdout, stderr } = await seaworthy(["trial", "k8s/"], {
      ...npx,
      cwd: shop,
      timeoutMs: 110_000,
    });
    assert.equal(exitCode, 0, stdout + stderr);
    assert.match(stdout, /SEAWORTHY/);
    assert.match(readFileSync(path.join(shop, "seaworthy-report.html"), "utf8"), /^<!doctype html>/i);
  },
);
