import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer, get, type IncomingMessage, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { test, type TestContext } from "node:test";
import { exampleApp, listen } from "../testing/example-app.ts";

async function backend(t: TestContext, answer: RequestListener): Promise<string> {
  const server = createServer(answer).listen(0, "127.0.0.1");
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  await once(server, "listening");
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
}

/** A port on which nobody listens any more. */
async function closedPort(): Promise<string> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  return `http://127.0.0.1:${port}/`;
}

interface Result {
  readonly url: string;
  readonly status: number;
  readonly body?: string;
  readonly truncated?: boolean;
  readonly error?: string;
}

test("every backend gets the body and the trace, and their answers are gathered", async (t) => {
  const seen: (string | undefined)[] = [];
  const answer: RequestListener = (request, response) => {
    seen.push(request.method, request.headers["traceparent"] as string, request.headers["content-type"]);
    request.pipe(response);
  };
  const backendUrls = [await backend(t, answer), await backend(t, answer)];
  const propagationHeaders = (request: IncomingMessage) => ({
    traceparent: `of ${String(request.headers["x-request-id"])}`,
  });
  const app = exampleApp(t, { backendUrls, propagationHeaders });
  const headers = { "content-type": "text/x", "x-request-id": "r" };
  const answered = await app.inject({ method: "POST", url: "/echo", headers, payload: "body" });
  assert.equal(answered.statusCode, 200);
  const { results } = answered.json<{ results: Result[] }>();
  assert.deepEqual(
    results.map(({ url, status, body }) => [url, status, body]),
    backendUrls.map((url) => [url, 200, "body"]),
  );
  assert.deepEqual(seen, ["POST", "of r", "text/x", "POST", "of r", "text/x"]);
});

test("backends that fail are told one by one", async (t) => {
  const backendUrls = [
    await backend(t, (_, response) => response.end("fine")),
    await backend(t, (_, response) => response.writeHead(500).end("no")),
    await backend(t, (request) => request.destroy()),
    await backend(t, () => undefined),
    await backend(t, (_, response) => response.end("x".repeat(100_000))),
    await closedPort(),
  ];
  const app = exampleApp(t, { backendUrls, backendTimeoutMs: 200 });
  const answer = await app.inject("/echo");
  assert.equal(answer.statusCode, 502);
  const { error, results } = answer.json<{ error: { message: string }; results: Result[] }>();
  assert.equal(error.message, "4 of 6 backends failed");
  assert.deepEqual(
    results.map(({ status }) => status),
    [200, 500, 502, 504, 200, 502],
  );
  assert.equal(results[4]?.body?.length, 64 * 1024);
  assert.equal(results[4]?.truncated, true);
  assert.match(results[5]?.error ?? "", /ECONNREFUSED/);
});

test("a client that goes away ends what was asked for it", async (t) => {
  const arrived = Promise.withResolvers<void>();
  const ended = Promise.withResolvers<void>();
  const url = await backend(t, (_, response) => {
    response.once("close", () => ended.resolve());
    arrived.resolve();
  });
  const origin = await listen(exampleApp(t, { backendUrls: [url], backendTimeoutMs: 60_000 }));
  const request = get(`${origin}/echo`, { agent: false }).on("error", () => undefined);
  await arrived.promise;
  request.destroy();
  await ended.promise;
});

test("without backends it is an echo", async (t) => {
  const answer = await exampleApp(t).inject({ method: "POST", url: "/echo", payload: "body" });
  assert.equal(answer.body, "body");
});
