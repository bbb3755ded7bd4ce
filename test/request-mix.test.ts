import assert from "node:assert/strict";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test, type TestContext } from "node:test";
import { schemaProblems, type Schema } from "../packages/load/src/testing/schema-problems.ts";
import { seaworthy } from "./seaworthy-command.ts";
import { shopManifest } from "./shop-manifest.ts";

/** Writes down what it is asked; has orders, and a stream that never ends. It drops what it has at SIGTERM. */
const server = (log: string) => `
import { appendFileSync } from "node:fs";
import { createServer } from "node:http";
createServer(async (request, answer) => {
  let body = "";
  for await (const chunk of request) body += chunk;
  appendFileSync(${JSON.stringify(log)}, request.method + " " + request.url + " " + body.replace(/[0-9a-z]+-[0-9]+/, "N") + "\\n");
  const status = { "GET /": 200, "GET /orders?page=2": 200, "POST /orders": 201, "PUT /orders/7": 409, "GET /events": 200 };
  answer.writeHead(status[request.method + " " + request.url] ?? 404, { "x-seaworthy-echo": request.headers["x-seaworthy-token"] ?? "" });
  if (request.url === "/events") answer.write("data: 1\\n\\n");
  else answer.end("ok");
}).listen(8080);
process.on("SIGTERM", () => process.exit(0));
`;

async function shop(context: TestContext, trial: string): Promise<{ folder: string; log: string }> {
  const folder = await mkdtemp(join(tmpdir(), "seaworthy-test-"));
  context.after(() => rm(folder, { recursive: true, force: true }));
  const log = join(folder, "asked.log");
  await writeFile(join(folder, "app.yaml"), shopManifest);
  await writeFile(join(folder, "server.mjs"), server(log));
  await writeFile(join(folder, "seaworthy.yaml"), `run: { "shop:1": node server.mjs }\n${trial}`);
  return { folder, log };
}

interface Verdict {
  readonly byRequest: Readonly<Record<string, { readonly ok: number; readonly failed: number }>>;
  readonly unrepeatable: number;
  readonly failures: readonly { readonly request?: string }[];
  readonly notices: readonly string[];
}

async function verdictOf(folder: string, ...flags: string[]): Promise<Verdict> {
  const args = ["trial", ".", "--rounds", "1", "--rate", "100", "--output", "json", ...flags];
  const { stdout, stderr } = await seaworthy(args, { cwd: folder });
  assert.ok(stdout.startsWith("{"), stderr);
  const schema = JSON.parse(await readFile("docs/schemas/trial-v1.schema.json", "utf8")) as Schema;
  assert.deepEqual(schemaProblems(JSON.parse(stdout), schema), []);
  return JSON.parse(stdout) as Verdict;
}

/** What the load asked, request by request, with how often. */
async function askedIn(log: string): Promise<ReadonlyMap<string, number>> {
  const lines = (await readFile(log, "utf8")).trimEnd().split("\n");
  return new Map([...Map.groupBy(lines, (line) => line)].map(([line, all]) => [line, all.length]));
}

test("a trial asks what the settings say that users ask, by its shares, and tells how each kind fared", async (context) => {
  const { folder, log } = await shop(
    context,
    `trial:
  requests:
    - { path: "/orders?page=2", weight: 6 }
    - { method: POST, path: /orders, body: '{"id":"{{token}}"}', weight: 2, expect: 201 }
    - { method: PUT, path: /orders/7, body: { sku: 7 }, expect: 409 }
`,
  );
  const { byRequest, unrepeatable, failures } = await verdictOf(folder);
  assert.deepEqual(Object.keys(byRequest), ["GET /orders", "POST /orders", "PUT /orders/7"]);
  const count = (kind: string) => byRequest[kind]!.ok + byRequest[kind]!.failed;
  assert.ok(Math.abs(count("GET /orders") - 3 * count("POST /orders")) <= 12, JSON.stringify(byRequest));
  assert.ok(Math.abs(count("POST /orders") - 2 * count("PUT /orders/7")) <= 6, JSON.stringify(byRequest));
  assert.ok(failures.every(({ request }) => request !== undefined));
  assert.ok(unrepeatable <= byRequest["POST /orders"]!.failed);
  const asked = await askedIn(log);
  assert.ok((asked.get('POST /orders {"id":"N"}') ?? 0) > 20, JSON.stringify([...asked]));
  assert.ok((asked.get('PUT /orders/7 {"sku":7}') ?? 0) > 10, JSON.stringify([...asked]));
});

test("a request of the settings that is answered badly anyway ends the trial before it begins, at its line", async (context) => {
  const { folder } = await shop(context, "trial:\n  requests:\n    - path: /\n    - path: /nowhere\n");
  const { stderr, exitCode } = await seaworthy(["trial", "."], { cwd: folder });
  assert.equal(exitCode, 2, stderr);
  assert.match(stderr, /error\[SW1211\]: GET \/nowhere is not answered well: service: 404/);
  assert.match(stderr, /seaworthy\.yaml:5:/);
  assert.match(stderr, /expect: 404/);
});

const logged = (request: string, times: number, status = 200) =>
  `10.0.0.1 - - [29/Nov/2026:10:00:00 +0000] "${request} HTTP/1.1" ${status} 7 "-" "curl/8.5" 80 0.004 [shop-80]\n`.repeat(
    times,
  );

test("a trial asks what a log says that users asked, by its shares, and tells what it leaves out", async (context) => {
  const { folder, log } = await shop(context, "trial: { requests: [{ path: /nowhere }] }\n");
  await writeFile(
    join(folder, "access.log"),
    logged("GET /", 60) +
      logged("GET /orders?page=2", 30) +
      logged("GET /gone", 10, 404) +
      logged("GET /basket", 20) +
      logged("POST /orders", 5, 201) +
      logged("GET /healthz", 40),
  );
  const { byRequest, notices } = await verdictOf(folder, "--replay", "access.log");
  const count = (kind: string) => byRequest[kind]!.ok + byRequest[kind]!.failed;
  assert.deepEqual(new Set(Object.keys(byRequest)), new Set(["GET /", "GET /orders", "GET /gone"]));
  assert.ok(Math.abs(count("GET /") - 2 * count("GET /orders")) <= 12, JSON.stringify(byRequest));
  assert.ok(Math.abs(count("GET /orders") - 3 * count("GET /gone")) <= 12, JSON.stringify(byRequest));
  assert.ok(byRequest["GET /gone"]!.ok > 0, "a refusal that is usual is good");
  const asked = await askedIn(log);
  assert.ok(![...asked.keys()].some((line) => line.startsWith("POST") || line.includes("healthz")));
  const text = notices.join("\n");
  assert.match(text, /access\.log: its mix is of 4 requests, for 120 of 165 lines/);
  assert.match(text, /left out are lines: 5 with changes or bodies.*, 40 of probes/);
  assert.match(text, /requests that were found are not asked.*GET \/basket \(service: 404\)/);
});

test("a trial asks what a description of the API names values for, and leaves out what nobody answers", async (context) => {
  const { folder } = await shop(context, "");
  const description = {
    openapi: "3.0.3",
    paths: {
      "/": { get: {} },
      "/orders": {
        get: { parameters: [{ name: "page", in: "query", required: true, example: 2 }] },
        post: {},
      },
      "/users/{id}": { get: { parameters: [{ name: "id", in: "path", required: true, example: 1 }] } },
      "/events": { get: { responses: { 200: { content: { "text/event-stream": {} } } } } },
    },
  };
  await writeFile(join(folder, "openapi.json"), JSON.stringify(description));
  const { byRequest, notices } = await verdictOf(folder, "--openapi", "openapi.json");
  const count = (kind: string) => byRequest[kind]!.ok + byRequest[kind]!.failed;
  assert.deepEqual(new Set(Object.keys(byRequest)), new Set(["GET /", "GET /orders"]));
  assert.ok(Math.abs(count("GET /") - count("GET /orders")) <= 6, JSON.stringify(byRequest));
  assert.match(notices.join("\n"), /asked are 3 of its 5 operations.*1 with streams of events/s);
  assert.match(notices.join("\n"), /not asked, because .*GET \/users\/1 \(service: 404\)/);
});

test("where nothing of a log is answered well, nothing is rolled", async (context) => {
  const { folder } = await shop(context, "");
  await writeFile(join(folder, "access.log"), logged("GET /basket", 20) + logged("GET /help", 20));
  const { stderr, exitCode } = await seaworthy(["trial", ".", "--replay", "access.log"], { cwd: folder });
  assert.equal(exitCode, 2, stderr);
  assert.match(stderr, /error\[SW1211\]: none of the 2 requests that were found is answered well/);
  assert.match(stderr, /GET \/basket: service: 404/);
});
