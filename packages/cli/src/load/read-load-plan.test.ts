import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { SeaworthyError } from "@seaworthy/errors";
import { grpcCall, validatePlan, type LoadPlan } from "@seaworthy/load";
import { commands } from "../commands.ts";
import { parseCommand } from "../parse-command.ts";
import { readLoadPlan } from "./read-load-plan.ts";

const load = commands.find((command) => command.name === "load")!;
const url = "http://127.0.0.1:8080/";
const source = { stdin: process.stdin, signal: new AbortController().signal, onNotice: () => undefined };

async function planOf(...words: string[]): Promise<LoadPlan> {
  const { args, flags } = parseCommand(load, words);
  const plan = await readLoadPlan(args, flags, { ...source, cwd: tmpdir() });
  validatePlan(plan, { canDial: false });
  return plan;
}

async function problemOf(...words: string[]): Promise<SeaworthyError> {
  try {
    await planOf(...words);
  } catch (error) {
    if (error instanceof SeaworthyError) return error;
    throw error;
  }
  throw new Error(`${words.join(" ")} was taken`);
}

test("a URL alone is 100 requests/s for 10 s", async () => {
  const plan = await planOf(url);
  assert.deepEqual(plan.pace, {
    kind: "open",
    arrivals: "constant",
    stages: [{ fromRate: 100, toRate: 100, durationMs: 10_000 }],
  });
  assert.deepEqual(plan.requests, [{ method: "GET", headers: [] }]);
  assert.deepEqual([plan.clients, plan.workers, plan.expect.status], [["keep-alive"], 1, [[200, 399]]]);
});

test("a URL may be without its scheme", async () => {
  const [target] = (await planOf("127.0.0.1:8080/x?y=1")).targets;
  assert.deepEqual([target?.path, target?.hostHeader, target?.tls], ["/x?y=1", "127.0.0.1:8080", undefined]);
});

test("stages rise, stay and follow each other", async () => {
  const { pace } = await planOf(url, "--stage", "100..500:30s", "--stage", "500:1m", "--poisson");
  assert.deepEqual(pace, {
    kind: "open",
    arrivals: "poisson",
    stages: [
      { fromRate: 100, toRate: 500, durationMs: 30_000 },
      { fromRate: 500, toRate: 500, durationMs: 60_000 },
    ],
  });
});

test("a number of requests makes the run long enough for them", async () => {
  const { pace, maxRequests } = await planOf(url, "--requests", "1000", "--rate", "50");
  assert.equal(maxRequests, 1000);
  assert.ok(pace.kind === "open" && pace.stages[0]!.durationMs > 20_000);
  const closed = await planOf(url, "--requests", "1000", "--concurrency", "4");
  assert.ok(closed.pace.kind === "closed" && closed.pace.durationMs > 3_600_000);
});

test("several URLs have shares, and names that differ", async () => {
  const { targets } = await planOf(
    url,
    "http://127.0.0.1:8080/b",
    "http://127.0.0.1:9090",
    "--weights",
    "3,1,2",
  );
  assert.deepEqual(
    targets.map(({ name, weight }) => [name, weight]),
    [
      ["http://127.0.0.1:8080/", 3],
      ["http://127.0.0.1:8080/b", 1],
      ["127.0.0.1:9090", 2],
    ],
  );
  const queries = (await planOf(`${url}?token=a`, `${url}?token=b`)).targets;
  assert.deepEqual(
    queries.map(({ name }) => name),
    ["http://127.0.0.1:8080/ (1)", "http://127.0.0.1:8080/ (2)"],
  );
});

test("headers, Host and a body", async () => {
  const { requests, targets } = await planOf(
    url,
    "-H",
    "Accept: a:b",
    "-H",
    "host: shop.example",
    "--data",
    "{{index}}",
  );
  assert.deepEqual(requests, [
    { method: "POST", headers: [["Accept", "a:b"]], body: Buffer.from("{{index}}") },
  ]);
  assert.equal(targets[0]?.hostHeader, "shop.example");
});

test("placeholders are filled in only where that is asked for", async () => {
  const plan = await planOf(
    "http://127.0.0.1/{{index}}?x={{uuid}}",
    "--template",
    "--data",
    "{{token}}",
    "-H",
    "A: {{index}}",
  );
  assert.equal(plan.targets[0]?.path, "/{{index}}?x={{uuid}}");
  assert.equal(plan.requests[0]?.body, "{{token}}");
  assert.match((await problemOf(url, "-H", "A: {{index}}")).message, /--template is not given/);
  assert.match((await problemOf(`${url}?{{uuid}}`)).message, /--template is not given/);
});

test("kinds of clients with their settings", async () => {
  const plan = await planOf(
    url,
    "--client",
    "new-connection",
    "--client",
    "max-uses=7",
    "--client",
    "max-age=2s",
  );
  assert.deepEqual(plan.clients, ["new-connection", "max-uses", "max-age"]);
  assert.deepEqual([plan.maxUses, plan.maxAgeMs], [7, 2000]);
});

test("expectations, DNS and the rest", async () => {
  const expectations = [
    "--expect-status",
    "200-299,404",
    "--expect-header",
    "X-Version: ^2",
    "--expect-body",
    "ok",
  ];
  const times = ["--timeout", "2s", "--max-lag", "5ms", "--dns", "30s", "-4"];
  const others = ["--source-address", "127.0.0.2,127.0.0.3", "--http2", "--precise", "--by", "X-Pod-Name"];
  const plan = await planOf(url, ...expectations, "--expect-header", "etag", ...times, ...others);
  assert.deepEqual(plan.expect, {
    status: [
      [200, 299],
      [404, 404],
    ],
    headers: [{ name: "x-version", pattern: "^2" }, { name: "etag" }],
    body: { contains: "ok" },
  });
  assert.deepEqual(plan.dns, { family: 4, use: "all", againAfterMs: 30_000 });
  assert.deepEqual([plan.recordHeaders, plan.responseTimeoutMs, plan.maxLagP99Ms], [["x-pod-name"], 2000, 5]);
  assert.deepEqual(plan.sourceAddresses, ["127.0.0.2", "127.0.0.3"]);
  assert.deepEqual([plan.targets[0]?.protocol, plan.precise], ["h2", true]);
});

test("a Unix socket takes the place of the address", async () => {
  const [target] = (await planOf("http://app/x", "--unix-socket", "/run/app.sock")).targets;
  assert.deepEqual(
    [target?.via, target?.hostHeader, target?.path],
    [{ kind: "unix", path: "/run/app.sock" }, "app", "/x"],
  );
});

test("a CA that is none is told before the run", async (context) => {
  const folder = await mkdtemp(join(tmpdir(), "seaworthy-test-"));
  context.after(() => rm(folder, { recursive: true, force: true }));
  const file = join(folder, "ca.pem");
  await writeFile(file, "nonsense");
  assert.match(
    (await problemOf("https://127.0.0.1/", "--cacert", file)).message,
    /holds no certificate in PEM/,
  );
});

const exclusions: readonly (readonly string[])[] = [
  ["--rate", "1", "--concurrency", "1"],
  ["--stage", "1:1s", "--concurrency", "1"],
  ["--stage", "1:1s", "--rate", "1"],
  ["--stage", "1:1s", "--duration", "1"],
  ["--data", "x", "--data-file", "y"],
  ["--ipv4", "", "--ipv6", ""],
  ["--unix-socket", "/x", "--source-address", "127.0.0.2"],
  ["--unix-socket", "/x", "--dns", "all"],
];

for (const [one, value, other, second] of exclusions) {
  test(`${one} and ${other} exclude each other`, async () => {
    const words = [one, value, other, second].filter((word) => word !== "") as string[];
    const problem = await problemOf(url, ...words);
    assert.equal(problem.code, "SW1002");
    assert.ok(problem.message.includes(one!) && problem.message.includes(other!), problem.message);
  });
}

const refused: readonly (readonly [words: readonly string[], message: RegExp])[] = [
  [[], /needs a URL/],
  [["http://"], /is not a URL/],
  [["ftp://x/"], /scheme ftp/],
  [["http://127.0.0.1:0/"], /port 0/],
  [["http://a:secret@127.0.0.1/"], /^http:\/\/127\.0\.0\.1\/ holds a password/],
  [[url, url], /given twice/],
  [[url, "--rate", "0"], /--rate cannot be 0/],
  [[url, "--rate", "1000000000"], /--rate cannot be 1000000000/],
  [[url, "--stage", "x"], /--stage cannot be x/],
  [[url, "--stage", "0:10s"], /--stage cannot be 0:10s/],
  [[url, "--weights", "1,2"], /--weights cannot be/],
  [[url, "--client", "pool"], /--client cannot be pool/],
  [[url, "--client", "max-uses=0"], /--client cannot be max-uses=0/],
  [[url, "--client", "keep-alive", "--client", "keep-alive"], /given twice/],
  [[url, "--dns", "never"], /--dns cannot be never/],
  [[url, "--expect-status", "20x"], /--expect-status cannot be 20x/],
  [[url, "--expect-header", "x: ("], /--expect-header cannot be/],
  [[url, "-H", "no colon"], /is not a header/],
  [[url, "-H", "A: b\r\nC: d"], /is not a header/],
  [[url, "--cert", "x.pem"], /--cert needs --key/],
  [[url, "http://127.0.0.1:9/", "--unix-socket", "/x"], /takes one URL, not 2/],
];

for (const [words, message] of refused) {
  test(`load ${words.join(" ").replaceAll(/\s+/g, " ")} is refused with what to do`, async () => {
    const problem = await problemOf(...words);
    assert.match(problem.message, message);
    assert.equal(problem.fault, "user");
    assert.ok((problem.details.next ?? []).length > 0);
  });
}

test("a call of gRPC has a method, a message and codes, and is sent over HTTP/2", async () => {
  const plan = await planOf(
    "127.0.0.1:9090",
    "--grpc",
    "shop.Carts/Get",
    "--message",
    "CgE3",
    "--expect-status",
    "OK,5",
    "--header",
    "a: b",
  );
  assert.deepEqual(plan.requests, [
    {
      ...grpcCall("shop.Carts/Get", Buffer.from([10, 1, 0x37]), [["a", "b"]]),
      status: [
        [0, 0],
        [5, 5],
      ],
    },
  ]);
  assert.deepEqual([plan.targets[0]?.protocol, plan.expect.status], ["h2", [[200, 399]]]);
});

for (const [words, field] of [
  [["--grpc", "shop.Carts"], "--grpc"],
  [["--grpc", "shop.Carts/Get", "--message", "no base64"], "--message"],
  [["--grpc", "shop.Carts/Get", "--expect-status", "200"], "--expect-status"],
  [["--grpc", "shop.Carts/Get", "--data", "x"], "--grpc"],
  [["--grpc", "shop.Carts/Get", "--method", "GET"], "--grpc"],
  [["--message", "CgE3"], "--message"],
  [["--stream", "/events"], "--stream"],
  [["--stream", "sse:events"], "--stream"],
  [["--stream", "websocket:/ws:0"], "--stream"],
  [["--stream", "grpc:/shop.Carts/Watch"], "--stream"],
] as const)
  test(`refused: ${words.join(" ")}`, async () => {
    const { code, details } = await problemOf("127.0.0.1:9090", ...words);
    assert.deepEqual([code, details.field], ["SW1002", field]);
  });

test("a URL with a path is refused beside a method, which is the path of a call", async () => {
  assert.match((await problemOf(`${url}carts`, "--grpc", "shop.Carts/Get")).message, /\/carts/);
});

test("a stream of gRPC is a call by its method, which the server speaks HTTP/2 for", async () => {
  const { streams } = await planOf("127.0.0.1:9090", "--http2", "--stream", "grpc:shop.Carts/Watch:3");
  const headers = [
    ["te", "trailers"],
    ["content-type", "application/grpc"],
  ];
  const path = "/shop.Carts/Watch";
  assert.deepEqual(streams, [{ kind: "grpc", path, headers, body: Buffer.alloc(5), connections: 3 }]);
});

test("streams are held with the headers of the requests", async () => {
  const { streams } = await planOf(
    url,
    "--stream",
    "sse:/events?a:b:24",
    "--stream",
    "websocket:/ws",
    "-H",
    "a: b",
  );
  assert.deepEqual(streams, [
    { kind: "sse", path: "/events?a:b", headers: [["a", "b"]], connections: 24 },
    { kind: "websocket", path: "/ws", headers: [["a", "b"]], connections: 8 },
  ]);
});
