import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer, get, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { test } from "node:test";
import { logRequests } from "./access-log.ts";
import { measureRequests } from "./http-metrics.ts";
import { createMetricsRegistry } from "./metrics-registry.ts";
import type { LogEntry } from "./process-edge.ts";

test("each request is counted, timed and logged once, and probes are not logged", async (t) => {
  const registry = createMetricsRegistry();
  const lines: LogEntry[] = [];
  const server = createServer((request, response) =>
    response.writeHead(request.url === "/no" ? 404 : 200).end("x"),
  );
  measureRequests(server, registry);
  logRequests(server, { skipPaths: ["/healthz"], trustProxy: true, log: (entry) => lines.push(entry) });
  const port = await listen(server);
  t.after(() => server.close());
  await answer(port, "/a?secret=1", { "x-forwarded-for": "203.0.113.9, 10.0.0.7" });
  await answer(port, "/no", {});
  await answer(port, "/healthz", {});
  assert.deepEqual(
    lines.map(({ client, method, path, status }) => [client, method, path, status]),
    [
      ["10.0.0.7", "GET", "/a", 200],
      ["127.0.0.1", "GET", "/no", 404],
    ],
  );
  const text = registry.render();
  assert.match(text, /http_requests_total\{method="GET",code="200"\} 2\n/);
  assert.match(text, /http_requests_total\{method="GET",code="404"\} 1\n/);
  assert.match(text, /http_request_duration_seconds_count 3\n/);
  assert.match(text, /http_requests_in_flight 0\n/);
});

test("a request whose client goes away counts as 499 and is logged as aborted", async (t) => {
  const registry = createMetricsRegistry();
  const logged = Promise.withResolvers<LogEntry>();
  const server = createServer(() => request.destroy());
  measureRequests(server, registry);
  logRequests(server, { log: logged.resolve });
  const port = await listen(server);
  t.after(() => server.close());
  const request = get({ port, host: "127.0.0.1" });
  request.on("error", () => undefined);
  assert.equal((await logged.promise)["aborted"], true);
  assert.match(registry.render(), /http_requests_total\{method="GET",code="499"\} 1\n/);
});

async function listen(server: Server): Promise<number> {
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return (server.address() as AddressInfo).port;
}

/** Resolves once the answer is complete and the server has closed its side of the exchange. */
async function answer(port: number, path: string, headers: Record<string, string>): Promise<void> {
  const request = get({ port, path, headers, host: "127.0.0.1", agent: false });
  const [response] = (await once(request, "response")) as [NodeJS.ReadableStream];
  response.resume();
  await once(request, "close");
}
