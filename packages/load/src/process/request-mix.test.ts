import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { test, type TestContext } from "node:test";
import type { RequestTemplate } from "../plan/plan.ts";
import { plan, runWhole, tcp } from "../testing/run-plan.ts";

/** Counts what it is asked, and answers `/gone` with 410, `/bad` with 500. */
async function countingServer(context: TestContext) {
  const asked = new Map<string, number>();
  const server = createServer((request, answer) => {
    const key = `${request.headers.host} ${request.method} ${request.url}`;
    asked.set(key, (asked.get(key) ?? 0) + 1);
    request.resume();
    answer.statusCode = request.url === "/gone" ? 410 : request.url === "/bad" ? 500 : 200;
    answer.end();
  }).listen(0, "127.0.0.1");
  context.after(() => {
    server.closeAllConnections();
    server.close();
  });
  await once(server, "listening");
  return { asked, port: (server.address() as AddressInfo).port };
}

test("a mix is sent by its weights, to the targets that it names, and told kind by kind", async (context) => {
  const { asked, port } = await countingServer(context);
  const requests: RequestTemplate[] = [
    { method: "GET", path: "/orders?page=2", weight: 3 },
    { method: "POST", path: "/orders", body: "{}", targets: ["edge"] },
    { method: "GET", path: "/gone", status: [[410, 410]] },
    { method: "POST", path: "/bad", targets: ["edge"] },
  ];
  const targets = ["edge", "service"].map((name) => ({ ...tcp(name, port, "/"), hostHeader: name }));
  const report = await runWhole(
    plan(targets, 100, {
      requests,
      clients: ["keep-alive"],
      responseTimeoutMs: 20_000,
      connectTimeoutMs: 20_000,
    }),
  );
  assert.deepEqual(Object.fromEntries(asked), {
    "edge GET /orders?page=2": 30,
    "edge POST /orders": 10,
    "edge GET /gone": 10,
    "edge POST /bad": 10,
    "service GET /orders?page=2": 30,
    "service GET /gone": 10,
  });
  assert.deepEqual(
    Object.fromEntries(
      Object.entries(report.byRequest).map(([name, { ok, failed }]) => [name, [ok, failed]]),
    ),
    { "GET /orders": [60, 0], "POST /orders": [10, 0], "GET /gone": [20, 0], "POST /bad": [0, 10] },
  );
  assert.equal(report.histograms.byRequest.size, 4);
  assert.deepEqual(new Set(report.failures.map(({ request }) => request)), new Set(["POST /bad"]));
});
