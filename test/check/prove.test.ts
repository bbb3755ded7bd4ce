import assert from "node:assert/strict";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { schemaProblems, type Schema } from "../../packages/load/src/testing/schema-problems.ts";
import { seaworthy } from "../seaworthy-command.ts";
import { shopManifest } from "../shop-manifest.ts";

/** It closes its port at SIGTERM, which a preStop hook makes good, and serves whoever is connected: http's own `close` would cut those who wait. */
const app = `import { createServer } from "node:http";
import { Server } from "node:net";
let draining = false;
const server = createServer((request, response) => {
  if (draining) response.shouldKeepAlive = false;
  response.setHeader("x-seaworthy-echo", request.headers["x-seaworthy-token"] ?? "");
  if (request.method === "POST") request.pipe(response);
  else response.end("ok");
}).listen(8080);
server.keepAliveTimeout = 0;
process.on("SIGTERM", () => {
  draining = true;
  Server.prototype.close.call(server);
  setTimeout(() => process.exit(0), 3_000);
});
`;

let folder: string;
before(async () => {
  folder = await mkdtemp(join(tmpdir(), "seaworthy-test-"));
  await writeFile(join(folder, "app.yaml"), shopManifest);
  await writeFile(join(folder, "app.mjs"), app);
  await writeFile(
    join(folder, "seaworthy.yaml"),
    "run: { shop:1: node app.mjs }\ntrial: { rate: 50, path: / }\n",
  );
});
after(() => rm(folder, { recursive: true }));

test("a missing preStop hook loses requests, and as fixed none", async () => {
  const args = ["check", ".", "--profile", "none", "--rule", "no-drain", "--prove", "--output", "json"];
  const { exitCode, stdout, stderr } = await seaworthy(args, { cwd: folder });
  assert.equal(exitCode, 1, stderr);
  const told = JSON.parse(stdout) as { readonly proof: Record<string, unknown> };
  const schema = JSON.parse(await readFile("docs/schemas/check-v1.schema.json", "utf8")) as Schema;
  assert.deepEqual(schemaProblems(told, schema), []);
  const { outcome, text, findings, asItIs, asFixed } = told.proof as {
    readonly [name: string]: unknown;
    readonly asItIs: { readonly lost: number; readonly deployments: readonly unknown[] };
    readonly asFixed: { readonly lost: number; readonly podEnds: number; readonly standIns: unknown };
  };
  assert.equal(outcome, "proved", `${String(text)}\n${stderr}`);
  assert.deepEqual(findings, [
    {
      rule: "no-drain",
      object: "Deployment shop",
      file: "app.yaml",
      line: 16,
      deployment: "shop",
      mend: "--fix",
    },
  ]);
  assert.ok(asItIs.lost > 0);
  assert.equal(asItIs.deployments.length, 1);
  assert.deepEqual([asFixed.lost, asFixed.podEnds, asFixed.standIns], [0, 2, []]);
  assert.equal(await readFile(join(folder, "app.yaml"), "utf8"), shopManifest, "nothing is written");
});

test("where no finding loses requests, nothing is run", async () => {
  const args = ["check", ".", "--profile", "none", "--rule", "memory-request-missing", "--prove"];
  const { exitCode, stdout, stderr } = await seaworthy(args, { cwd: folder, timeoutMs: 20_000 });
  assert.equal(exitCode, 1);
  assert.match(
    stdout,
    /^warning\[memory-request-missing\][^]*\n1 warning [^]*\nNOT TRIED {2}nothing was tried: /,
  );
  assert.equal(stderr, "");
});

test("what cannot be tried is told, and proves nothing where nothing else was found", async () => {
  const text = shopManifest.replace("      containers:", "      hostNetwork: true\n      containers:");
  await writeFile(join(folder, "app.yaml"), text);
  const args = ["check", ".", "--profile", "none", "--rule", "no-drain=advice", "--prove"];
  const { exitCode, stdout } = await seaworthy(args, { cwd: folder, timeoutMs: 20_000 });
  assert.equal(exitCode, 3);
  assert.match(stdout, /error\[SW1301\]: Deployment shop asks for hostNetwork\n[^]*\nNOT TRIED {2}/);
});
