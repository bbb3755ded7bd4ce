import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { chunkedBodies } from "./fuzz/chunked-cases.ts";
import { diceFor } from "./fuzz/dice.ts";
import { canaryPath, type CaseMaker, head } from "./fuzz/fuzz-case.ts";
import { headerNames } from "./fuzz/header-name-cases.ts";
import { headerValues } from "./fuzz/header-value-cases.ts";
import { http2Case as makeHttp2Case } from "./fuzz/http2-cases.ts";
import { bodiesWithLength, oversized } from "./fuzz/length-cases.ts";
import { methodsAndVersions } from "./fuzz/method-cases.ts";
import { mutantsOf } from "./fuzz/mutated-cases.ts";
import { runCases } from "./fuzz/run-cases.ts";
import { runHttp2Case } from "./fuzz/run-http2-case.ts";
import { sendSlowly } from "./fuzz/slow-client.ts";
import { smuggling } from "./fuzz/smuggling-cases.ts";
import { type LogLine, startServer } from "./fuzz/start-server.ts";
import { targets } from "./fuzz/target-cases.ts";

// The real server process is sent what no decent client sends. FUZZ_SEED and FUZZ_CASES choose other cases, and more.

const seed = Number(process.env["FUZZ_SEED"] ?? 20_260_101);
const cases = Number(process.env["FUZZ_CASES"] ?? 15_000);

/** Groups of cases, and how many of a thousand belong to each. */
const groups: readonly (readonly [name: string, maker: CaseMaker, share: number])[] = [
  ["header names", headerNames, 150],
  ["header values", headerValues, 200],
  ["targets", targets, 180],
  ["methods and versions", methodsAndVersions, 80],
  ["chunked bodies", chunkedBodies, 130],
  ["bodies with a length", bodiesWithLength, 80],
  ["smuggling", smuggling, 129],
  [
    "mutants",
    mutantsOf([headerNames, headerValues, targets, methodsAndVersions, chunkedBodies, smuggling]),
    50,
  ],
  ["oversized", oversized, 1],
];

function groupAt(index: number): (typeof groups)[number] {
  // 7,919 is coprime to 1,000: each thousand cases in a row have all groups, and mixed.
  let place = (index * 7_919) % 1_000;
  return (
    groups.find(([, , share]) => (place -= share) < 0) ?? assert.fail("the shares do not add up to 1,000")
  );
}

const caseAt = (index: number) => groupAt(index)[1](diceFor(seed, index), index);

test(`${cases} requests of seed ${seed}: none crashes it, hangs, smuggles another, or speaks for the server`, async (t) => {
  const folder = mkdtempSync(join(tmpdir(), "seaworthy-fuzz-"));
  t.after(() => rmSync(folder, { recursive: true }));
  const env = {
    ADMIN: "true",
    DATA_DIR: folder,
    JWT_SECRET: "x".repeat(32),
    ROUTES: '{"/route1": "one"}',
    TRUST_PROXY: "1",
  };
  await using server = await startServer(env, isSuspicious);
  const [port = 0] = server.ports;
  // By the half, the heap has grown to its usual size.
  const half = Math.ceil(cases / 2);
  const first = await runCases(port, 0, half, caseAt);
  const residentBefore = await server.residentBytes();
  const failures = [...first, ...(await runCases(port, half, cases, caseAt))];
  const residentAfter = await server.residentBytes();

  for (const [name, , share] of groups) t.diagnostic(`${name}: ${(cases * share) / 1_000} cases`);
  t.diagnostic(`resident: ${residentBefore} bytes at the half, ${residentAfter} at the end`);
  assert.equal(failures.map(describe).join("\n"), "");
  await server.stop();
  assert.deepEqual(server.lines, []);
  assert.ok(residentAfter < residentBefore * mostGrowth, `${residentBefore} bytes grew to ${residentAfter}`);
});

const mostGrowth = 1.5;
const smuggledPath = new RegExp(`${canaryPath}\\d`);

/** An error, or a request that was answered although it was none. */
function isSuspicious({ level, path }: LogLine): boolean {
  return Number(level) >= 50 || (typeof path === "string" && smuggledPath.test(path));
}

function describe({ index, fuzzCase, problem }: Awaited<ReturnType<typeof runCases>>[number]): string {
  const { name, bytes, connection } = fuzzCase;
  const sent = JSON.stringify(bytes.slice(0, 600));
  return `${problem}: ${groupAt(index)[0]}, ${name} (${connection}), seed ${seed}, case ${index}: ${sent}`;
}

test("requests that come byte by byte have a 408 when their time is over, and others are answered meanwhile", async () => {
  await using server = await startServer({ HEADERS_TIMEOUT_MS: "1000", REQUEST_TIMEOUT_MS: "1500" });
  const [port = 0] = server.ports;
  const slow = Array.from({ length: 60 }, (_, index) => {
    const [start, endless] = slowRequests[index % slowRequests.length] ?? assert.fail();
    return sendSlowly(port, start, endless, 20 + index);
  });
  let isOver = false;
  const all = Promise.all(slow).finally(() => (isOver = true));
  let answered = 0;
  while (!isOver) {
    const failures = await runCases(
      port,
      0,
      16,
      () => ({ name: "as usual", bytes: head("GET", "/any"), statuses: [200], connection: "goes on" }),
      1,
    );
    assert.deepEqual(failures, []);
    answered += 16;
    await sleep(20);
  }
  for (const { answers, sentBytes } of await all) {
    assert.deepEqual(
      answers.map(({ status }) => status),
      [408],
    );
    assert.ok(sentBytes > 20);
  }
  assert.ok(answered > 100);
  await server.stop();
});

/** The start of each, which comes at once, and what comes behind it without an end. */
const slowRequests = [
  ["GET /any HTTP/1.1\r\nHost: fuzz\r\n", "x: 1\r\n"],
  ["GET /", "slow"],
  [head("POST", "/any", ["Content-Length: 100000"]), "x"],
  [head("PUT", "/any", ["Transfer-Encoding: chunked"]), "1\r\nx\r\n"],
  [head("POST", "/any", ["Transfer-Encoding: chunked"]), "0"],
] as const;

const http2Cases = Math.ceil(cases / 25);

test(`${http2Cases} connections of HTTP/2 of seed ${seed}: none crashes it, hangs, or passes what is malformed`, async () => {
  await using server = await startServer({ H2C_PORT: "0" }, isSuspicious);
  const [, port = 0] = server.ports;
  const problems: string[] = [];
  let next = 0;
  const client = async (): Promise<void> => {
    while (next < http2Cases && problems.length < 20) {
      const index = next++;
      const http2Case = makeHttp2Case(diceFor(seed, index));
      const problem = await runHttp2Case(port, http2Case);
      if (problem !== undefined)
        problems.push(
          `${problem}: ${http2Case.name}, case ${index}: ${JSON.stringify(http2Case.frames(1).toString("latin1"))}`,
        );
    }
  };
  await Promise.all(Array.from({ length: 16 }, client));
  assert.equal(problems.join("\n"), "");
  await server.residentBytes();
  await server.stop();
  assert.deepEqual(server.lines, []);
});
