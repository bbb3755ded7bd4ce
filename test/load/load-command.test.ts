import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { createServer, type RequestListener, type Server } from "node:http";
import { createServer as createSecureServer } from "node:https";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { text } from "node:stream/consumers";
import { test, type TestContext } from "node:test";
import { gzipSync } from "node:zlib";
import { schemaProblems, type Schema } from "../../packages/load/src/testing/schema-problems.ts";
import { selfSigned } from "@seaworthy/certificates";
import { seaworthy } from "../seaworthy-command.ts";

const timeoutMs = 30_000;
/** A machine with little left over is no failure of the command. */
const patient = ["--max-lag", "60s"];

async function listen(context: TestContext, server: Server): Promise<number> {
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  context.after(() => {
    server.closeAllConnections();
    server.close();
  });
  return (server.address() as AddressInfo).port;
}

async function serve(context: TestContext, listener: RequestListener): Promise<string> {
  return `http://127.0.0.1:${await listen(context, createServer(listener))}/`;
}

async function folder(context: TestContext): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), "seaworthy-test-"));
  context.after(() => rm(path, { recursive: true, force: true }));
  return path;
}

const badInput: readonly (readonly [name: string, args: readonly string[], says: RegExp])[] = [
  ["no URL", [], /SW1002.*needs a URL/],
  ["a bad URL", ["http://127.0.0.1:99999/"], /SW1002.*is not a URL/],
  ["port 0", ["http://127.0.0.1:0/"], /SW1002.*port 0/],
  ["a rate of 0", ["127.0.0.1:1", "--rate", "0"], /SW1002.*--rate cannot be 0/],
  ["a rate of 10^9", ["127.0.0.1:1", "--rate", "1000000000"], /SW1002.*--rate cannot be/],
  ["a host that nobody knows", ["http://nosuch.invalid/"], /SW5003.*nosuch\.invalid/],
  ["a body that is not there", ["127.0.0.1:1", "--data-file", "nowhere"], /SW1003.*nowhere/],
  ["a CA that is not there", ["https://127.0.0.1:1", "--cacert", "nowhere"], /SW1003.*nowhere/],
  ["a mix that is not there", ["127.0.0.1:1", "--mix", "nowhere"], /SW1003.*nowhere/],
  ["a mix beside a body", ["127.0.0.1:1", "--mix", "a.yaml", "--data", "x"], /--mix and --data/],
  ["a mix beside a path", ["127.0.0.1:1/a", "--mix", "a.yaml"], /SW1002.*path \/a/],
  ["a log that is not there", ["127.0.0.1:1", "--replay", "nowhere.log"], /SW1003.*nowhere\.log/],
  ["a folder as a log", ["127.0.0.1:1", "--replay", "."], /SW1003.*cannot be read/],
  ["an empty log", ["127.0.0.1:1", "--replay", "-"], /SW1401.*stdin has no line/],
  ["a log beside a mix", ["127.0.0.1:1", "--replay", "a.log", "--mix", "a.yaml"], /--mix and --replay/],
  ["a description that is not there", ["127.0.0.1:1", "--openapi", "no.yaml"], /SW1003.*no\.yaml/],
  [
    "a description beside a method",
    ["127.0.0.1:1", "--openapi", "a", "--method", "PUT"],
    /--openapi and --method/,
  ],
  ["a path that cannot be written", ["127.0.0.1:1", "--html", "no/such/folder.html"], /SW1003.*folder\.html/],
  [
    "flags that exclude each other",
    ["127.0.0.1:1", "--rate", "1", "--concurrency", "1"],
    /--rate.*--concurrency/,
  ],
  // The source address keeps it on this machine even if nobody asked.
  [
    "2,000/s to a public address without --yes",
    ["http://1.1.1.1/", "--rate", "2000", "--source-address", "127.0.0.1"],
    /SW1002.*not a private address/,
  ],
];

for (const [name, args, says] of badInput) {
  test(`${name}: one clear line, what to do, and exit 2`, async () => {
    const { stdout, stderr, exitCode } = await seaworthy(["load", ...args], { timeoutMs });
    assert.equal(exitCode, 2, stderr);
    assert.equal(stdout, "");
    assert.match(stderr.split("\n")[0] ?? "", says);
    assert.equal(stderr.match(/error\[/g)?.length, 1, stderr);
    assert.match(stderr, /│ next {2}\S/);
  });
}

test("a certificate that has expired or that nobody signed: exit 2 before the run", async (context) => {
  const day = 86_400_000;
  const dir = await folder(context);
  const certificates = {
    expired: selfSigned({ notBefore: new Date(Date.now() - 9 * day), notAfter: new Date(Date.now() - day) }),
    unknown: selfSigned(),
  };
  for (const [name, pair] of Object.entries(certificates)) {
    let requests = 0;
    const server = createSecureServer(pair, (_, response) => {
      requests += 1;
      response.end();
    });
    const url = `https://127.0.0.1:${await listen(context, server)}/`;
    const ca = join(dir, `${name}.pem`);
    await writeFile(ca, pair.cert);
    const trusted = name === "expired" ? ["--cacert", ca] : [];
    const refused = await seaworthy(["load", url, ...trusted], { timeoutMs });
    assert.equal(refused.exitCode, 2, refused.stderr);
    assert.match(refused.stderr, /^error\[SW5005\]: .*certificate/);
    assert.equal(requests, 0);
    const insecure = await seaworthy(["load", url, "-k", "--requests", "5", ...patient], { timeoutMs });
    assert.equal(insecure.exitCode, 0, insecure.stderr);
  }
});

test("a run with --output json: data by its schema on stdout, the summary on stderr", async (context) => {
  const url = await serve(context, (_, response) => response.setHeader("x-pod-name", "a").end("hello"));
  const { stdout, stderr, exitCode } = await seaworthy(
    ["load", url, "--rate", "200", "--requests", "100", "--by", "X-Pod-Name", "--output", "json", ...patient],
    { timeoutMs },
  );
  assert.equal(exitCode, 0, stderr);
  const data = JSON.parse(stdout) as {
    requests: { ok: number; failed: number };
    answeredBy: Record<string, { ok: number }>;
  };
  const schema = JSON.parse(await readFile("docs/schemas/load-v1.schema.json", "utf8")) as Schema;
  assert.deepEqual(schemaProblems(data, schema), []);
  assert.deepEqual([data.requests.ok, data.requests.failed, data.answeredBy["a"]?.ok], [100, 0, 100]);
  assert.match(stderr, /^0 of 100 requests failed\n/);
});

test("a mix is asked in its shares, and the report tells of each kind of request", async (context) => {
  const asked: string[] = [];
  const url = await serve(context, (request, response) => {
    asked.push(`${request.method} ${request.url} ${String(request.headers["x-user"])}`);
    response.writeHead(request.method === "PUT" ? 409 : 200).end();
  });
  const dir = await folder(context);
  await writeFile(
    join(dir, "seaworthy.yaml"),
    `trial:
  requests:
    - { path: "/orders?page=2", weight: 7 }
    - { path: /, weight: 2 }
    - { method: PUT, path: /orders/7, body: {}, expect: 409 }
`,
  );
  const mix = ["--mix", "seaworthy.yaml", "-H", "x-user: 7", "--requests", "100", "--output", "json"];
  const { stdout, stderr, exitCode } = await seaworthy(["load", url, ...mix, ...patient], {
    cwd: dir,
    timeoutMs,
  });
  assert.equal(exitCode, 0, stderr);
  const { byRequest } = JSON.parse(stdout) as { byRequest: Record<string, { ok: number }> };
  const good = Object.entries(byRequest).map(([kind, { ok }]) => [kind, ok] as const);
  assert.deepEqual(
    new Map(good),
    new Map([
      ["GET /orders", 70],
      ["GET /", 20],
      ["PUT /orders/7", 10],
    ]),
  );
  assert.deepEqual(
    [...Map.groupBy(asked, (line) => line)].map(([line, { length }]) => [line, length]).toSorted(),
    [
      ["GET / 7", 20],
      ["GET /orders?page=2 7", 70],
      ["PUT /orders/7 7", 10],
    ],
  );
});

test("a packed log is asked again in its shares, at the URL's host", async (context) => {
  const asked: string[] = [];
  const url = await serve(context, (request, response) => {
    asked.push(`${request.method} ${request.url} ${String(request.headers.host).replace(/:.*/, "")}`);
    response.writeHead(request.url === "/gone" ? 404 : 200).end();
  });
  const dir = await folder(context);
  const line = (host: string, path: string, status: number) =>
    `${JSON.stringify({ method: "GET", path, status, host })}\n`;
  const log =
    line("a.example", "/orders/7", 200).repeat(60) +
    line("b.example", "/", 200).repeat(30) +
    line("a.example", "/gone", 404).repeat(10);
  await writeFile(join(dir, "access.log.gz"), gzipSync(log));
  const { stderr, exitCode } = await seaworthy(
    ["load", url, "--replay", "access.log.gz", "--requests", "200", ...patient],
    { cwd: dir, timeoutMs },
  );
  assert.equal(exitCode, 0, stderr);
  assert.match(stderr, /its mix is of 3 requests, for 100 of 100 lines/);
  assert.match(stderr, /several hosts all go to the URL's: a\.example, b\.example/);
  assert.deepEqual(
    new Map([...Map.groupBy(asked, (each) => each)].map(([each, { length }]) => [each, length])),
    new Map([
      ["GET /orders/7 127.0.0.1", 120],
      ["GET / 127.0.0.1", 60],
      ["GET /gone 127.0.0.1", 20],
    ]),
  );
});

test("the GET operations of a description are asked in equal shares, below the path of its server", async (context) => {
  const asked: string[] = [];
  const url = await serve(context, (request, response) => {
    asked.push(`${request.method} ${request.url}`);
    response.end();
  });
  const dir = await folder(context);
  await writeFile(
    join(dir, "openapi.yaml"),
    `openapi: 3.1.0
servers: [{ url: /v1 }]
paths:
  /orders:
    get: { parameters: [{ name: page, in: query, required: true, schema: { default: 1 } }] }
    post: {}
  /orders/{id}: { get: { parameters: [{ name: id, in: path, required: true, example: 7 }] } }
  /users/{id}: { get: { parameters: [{ name: id, in: path, required: true }] } }
`,
  );
  const { stderr, exitCode } = await seaworthy(
    ["load", url, "--openapi", "openapi.yaml", "--requests", "100", ...patient],
    { cwd: dir, timeoutMs },
  );
  assert.equal(exitCode, 0, stderr);
  assert.match(stderr, /asked are 2 of its 4 operations/);
  assert.match(stderr, /without example or default are parameters: GET \/users\/\{id\} \(id\)/);
  assert.deepEqual(
    new Map([...Map.groupBy(asked, (each) => each)].map(([each, { length }]) => [each, length])),
    new Map([
      ["GET /v1/orders?page=1", 50],
      ["GET /v1/orders/7", 50],
    ]),
  );
});

test("failures make exit 1, and are in every file", async (context) => {
  let seen = 0;
  const url = await serve(context, (request, response) => {
    seen += 1;
    if (seen % 10 === 0) request.socket.destroy();
    else response.writeHead(seen % 10 === 5 ? 503 : 200).end("hello");
  });
  const dir = await folder(context);
  const files = ["--html", "page.html", "--failures", "lost.csv", "--save", "load.json"];
  const { stdout, stderr, exitCode } = await seaworthy(
    ["load", url, "--rate", "200", "--requests", "100", "--output", "fortio", ...patient, ...files],
    { cwd: dir, timeoutMs },
  );
  assert.equal(exitCode, 1, stderr);
  assert.match(stderr, /^20 of 100 requests failed\n/);
  assert.deepEqual((JSON.parse(stdout) as { RetCodes: unknown }).RetCodes, { 200: 80, 503: 10, "-1": 10 });
  assert.match(await readFile(join(dir, "page.html"), "utf8"), /<h1>20 of 100 requests failed<\/h1>/);
  assert.equal((await readFile(join(dir, "lost.csv"), "utf8")).trimEnd().split("\r\n").length, 21);
  const saved = JSON.parse(await readFile(join(dir, "load.json"), "utf8")) as Record<string, unknown>;
  const classes = saved["classes"] as Record<string, { count: number }>;
  assert.deepEqual(
    Object.entries(classes).map(([name, { count }]) => [name, count]),
    [
      ["closed-before-answer", 10],
      ["bad-status", 10],
    ],
  );
  assert.equal((saved["error"] as { code: string }).code, "SW6002");
});

test("a generator that cannot keep up makes exit 3", async (context) => {
  const url = await serve(context, () => undefined);
  const { stdout, exitCode } = await seaworthy(
    [
      "load",
      url,
      "--rate",
      "200",
      "--duration",
      "1s",
      "--timeout",
      "2s",
      "--max-in-flight",
      "10",
      ...patient,
    ],
    { timeoutMs },
  );
  assert.equal(exitCode, 3, stdout);
  assert.match(stdout, /^INVALID: /);
});

test("a target that dies in the middle of a run is counted, not thrown", async (context) => {
  let answered = 0;
  const server = createServer((_, response) => {
    answered += 1;
    response.end("hello");
    if (answered === 50) {
      server.closeAllConnections();
      server.close();
    }
  });
  const port = await listen(context, server);
  const { stdout, stderr, exitCode } = await seaworthy(
    ["load", `http://127.0.0.1:${port}/`, "--rate", "100", "--requests", "150", ...patient],
    { timeoutMs },
  );
  assert.equal(exitCode, 1, stderr);
  assert.match(stdout, /^\d+ of 150 requests failed\n/);
  assert.match(stdout, /\nrefused +\d+/);
});

function startLoadCommand(context: TestContext, args: readonly string[]): ChildProcess {
  const child = spawn(process.execPath, [resolve("packages/cli/src/main.mjs"), "load", ...args], {
    env: { ...process.env, CI: "1", NO_COLOR: "1" },
    stdio: ["ignore", "pipe", "pipe"],
    timeout: timeoutMs,
  });
  context.after(() => child.kill("SIGKILL"));
  return child;
}

test("Ctrl-C ends the schedule, waits for what is in flight, and gives the summary", async (context) => {
  const enough = Promise.withResolvers<void>();
  let seen = 0;
  const url = await serve(context, (_, response) => {
    seen += 1;
    if (seen === 30) enough.resolve();
    setTimeout(() => response.end("hello"), 100);
  });
  const child = startLoadCommand(context, [url, "--rate", "100", "--duration", "10m", ...patient]);
  const closed = once(child, "close");
  const stdout = text(child.stdout!);
  await enough.promise;
  child.kill("SIGINT");
  assert.deepEqual(await closed, [0, null]);
  const counts = /^0 of (\d+) requests failed\n/.exec(await stdout);
  assert.ok(counts !== null && Number(counts[1]) >= 30, await stdout);
  assert.equal(Number(counts[1]), seen);
});

test("a second Ctrl-C ends it at once", async (context) => {
  const arrived = Promise.withResolvers<void>();
  const url = await serve(context, () => arrived.resolve());
  const child = startLoadCommand(context, [
    url,
    "--rate",
    "10",
    "--duration",
    "10m",
    "--timeout",
    "10m",
    ...patient,
  ]);
  const closed = once(child, "close");
  await arrived.promise;
  child.kill("SIGINT");
  for await (const chunk of child.stderr!) if (String(chunk).includes("Ctrl-C again")) break;
  child.kill("SIGINT");
  assert.deepEqual(await closed, [130, null]);
});
