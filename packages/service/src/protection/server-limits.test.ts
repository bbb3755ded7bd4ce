import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer, type Server } from "node:http";
import { constants, createSecureServer, createServer as createHttp2Server } from "node:http2";
import { connect, type AddressInfo } from "node:net";
import { test, type TestContext } from "node:test";
import { SeaworthyError } from "@seaworthy/errors";
import type { AnyServer } from "../tap-server.ts";
import { applyLimits } from "./server-limits.ts";
import { converse, openHttp2 } from "./testing/start-gated-server.ts";

async function listen(t: TestContext, server: AnyServer): Promise<number> {
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  t.after(() => {
    server.close();
    if ("closeAllConnections" in server) server.closeAllConnections();
  });
  return (server.address() as AddressInfo).port;
}

test("the defaults outlast a load balancer's 60 seconds and cut a slow head long before Node does", () => {
  for (const server of [createServer(), createSecureServer({ allowHTTP1: true }) as unknown as Server]) {
    applyLimits(server);
    const { keepAliveTimeout, keepAliveTimeoutBuffer, headersTimeout, requestTimeout } = server;
    assert.deepEqual(
      [keepAliveTimeout, keepAliveTimeoutBuffer, headersTimeout, requestTimeout],
      [75_000, 2_000, 15_000, 300_000],
    );
    assert.equal(server.maxRequestsPerSocket ?? 0, 0);
  }
});

test("a request's time shorter than its head's, and times that are none, are refused", () => {
  const refused = [
    { headersTimeoutMs: 20_000, requestTimeoutMs: 10_000 },
    { keepAliveMs: -1 },
    { keepAliveMs: Number.NaN },
    { headersTimeoutMs: 2 ** 31 },
  ];
  for (const limits of refused) {
    assert.throws(
      () => applyLimits(createServer(), limits),
      (error) => error instanceof SeaworthyError && error.code === "SW8001",
      JSON.stringify(limits),
    );
  }
  applyLimits(createServer(), { headersTimeoutMs: 20_000, requestTimeoutMs: 0 });
});

test("a head that stops half-way is answered 408, and a connection that says nothing is ended", async (t) => {
  const server = createServer((_, response) => response.end("ok"));
  applyLimits(server, { headersTimeoutMs: 100, requestTimeoutMs: 200, checkIntervalMs: 20 });
  const port = await listen(t, server);
  assert.match(await converse(port, "GET / HTTP/1.1\r\nHost:"), /^HTTP\/1.1 408 /);
  assert.match(await converse(port, ""), /^HTTP\/1.1 408 /);
});

test("a body that stops half-way ends its connection, a slow answer does not", async (t) => {
  const server = createServer((request, response) => {
    if (request.url === "/slow") setTimeout(() => response.end("slow"), 300);
  });
  applyLimits(server, { headersTimeoutMs: 100, requestTimeoutMs: 100, checkIntervalMs: 20 });
  const port = await listen(t, server);
  assert.match(
    await converse(port, "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nab"),
    /^HTTP\/1.1 408 /,
  );
  assert.match(await converse(port, "GET /slow HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"), /slow$/);
});

test("an HTTP/2 client learns how many streams it may open", async (t) => {
  const server = createHttp2Server();
  applyLimits(server, { maxConcurrentStreams: 7 });
  const session = openHttp2(t, `http://127.0.0.1:${await listen(t, server)}`);
  const [settings] = await once(session, "remoteSettings");
  assert.equal(settings.maxConcurrentStreams, 7);
});

test("an idle HTTP/2 session gets GOAWAY; a stream that is open and silent is answered first", async (t) => {
  const server = createHttp2Server((_, response) => void setTimeout(() => response.end("late"), 300));
  applyLimits(server, { keepAliveMs: 100 });
  const session = openHttp2(t, `http://127.0.0.1:${await listen(t, server)}`);
  const goaway = once(session, "goaway");
  const stream = session.request({ ":path": "/" }).setEncoding("utf8");
  const [code] = await goaway;
  assert.equal(code, constants.NGHTTP2_NO_ERROR);
  assert.equal((await stream.toArray()).join(""), "late");
  await once(session, "close");
});

test("an HTTP/2 connection that says nothing is ended", async (t) => {
  const server = createHttp2Server();
  applyLimits(server, { keepAliveMs: 50 });
  const socket = connect(await listen(t, server), "127.0.0.1").resume();
  await once(socket, "end");
});
