import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer, request as ask, type Server } from "node:http";
import { connect, createServer as createHttp2Server, type Http2Server } from "node:http2";
import type { AddressInfo } from "node:net";
import { test } from "node:test";
import { createClientAddress } from "../log/client-address.ts";
import type { Exchange } from "../exchange.ts";
import { tapServer } from "../tap-server.ts";
import { isServerError, requestAttributes, responseAttributes, spanName } from "./server-span.ts";
import { exampleExchange, sendHead } from "./testing/example-exchange.ts";

const knownMethods = new Set(["GET", "POST"]);
const options = { knownMethods, recordQuery: false, clientAddress: createClientAddress(false) };

/** Serves one request with `status` and gives the exchange at its end. */
async function serveOne(
  server: Server | Http2Server,
  send: (port: number) => void,
  status = 200,
): Promise<Exchange> {
  const { promise, resolve } = Promise.withResolvers<Exchange>();
  tapServer(
    server,
    {
      begin({ response }) {
        response.statusCode = status;
        response.end("ok");
      },
      end: resolve,
      upgraded: () => undefined,
    },
    () => 0,
  );
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  send((server.address() as AddressInfo).port);
  const exchange = await promise;
  server.close();
  return exchange;
}

test("a request over HTTP/1.1", async () => {
  const headers = { host: "shop.example:8080", "user-agent": "test/1", "x-forwarded-for": "192.0.2.4" };
  const exchange = await serveOne(createServer(), (port) =>
    ask({ port, host: "127.0.0.1", path: "/a/1?token=secret", method: "POST", headers, agent: false }).end(),
  );
  exchange.peer = "10.0.0.1";
  const attributes = requestAttributes(exchange, options);
  assert.deepEqual(attributes, {
    "http.request.method": "POST",
    "url.path": "/a/1",
    "url.scheme": "http",
    "network.protocol.version": "1.1",
    "server.address": "shop.example",
    "server.port": 8080,
    "client.address": "10.0.0.1",
    "user_agent.original": "test/1",
  });
  const behindProxy = requestAttributes(exchange, { ...options, clientAddress: createClientAddress(true) });
  assert.deepEqual(behindProxy, { ...attributes, "client.address": "192.0.2.4" });
  assert.deepEqual(responseAttributes(exchange), { "http.response.status_code": 200 });
  assert.equal(isServerError(exchange), false);
});

test("a request over HTTP/2 that fails", async () => {
  // Without a listener of its own, node:http2 emits no requests.
  const exchange = await serveOne(
    createHttp2Server(() => undefined),
    (port) => {
      const session = connect(`http://127.0.0.1:${port}`);
      const stream = session.request({ ":path": "/a", ":authority": "shop.example" });
      stream.resume().once("close", () => session.close());
    },
    503,
  );
  const attributes = requestAttributes(exchange, options);
  assert.deepEqual(attributes, {
    "http.request.method": "GET",
    "url.path": "/a",
    "url.scheme": "http",
    "network.protocol.version": "2",
    "server.address": "shop.example",
  });
  assert.deepEqual(responseAttributes(exchange), { "http.response.status_code": 503, "error.type": "503" });
  assert.equal(isServerError(exchange), true);
});

test("the span's name has the route, never the path, and no method that anybody made up", () => {
  const exchange = exampleExchange({}, "/users/7", "GET");
  assert.equal(spanName(exchange, knownMethods), "GET");
  exchange.route = "/users/:id";
  assert.equal(spanName(exchange, knownMethods), "GET /users/:id");
  assert.equal(spanName(exampleExchange({}, "/", "FOO"), knownMethods), "HTTP");
  const { "http.request.method": method, "http.request.method_original": original } = requestAttributes(
    exampleExchange({}, "/", "FOO"),
    options,
  );
  assert.deepEqual([method, original], ["_OTHER", "FOO"]);
});

test("a query is recorded only when asked for, and without signatures", () => {
  const query = (url: string, recordQuery = true): unknown =>
    requestAttributes(exampleExchange({}, url), { ...options, recordQuery })["url.query"];
  assert.equal(query("/a?q=1", false), undefined);
  assert.equal(query("/a"), undefined);
  assert.equal(
    query("/a?q=1&sig=abc&X-Goog-Signature=d=e&Signature="),
    "q=1&sig=REDACTED&X-Goog-Signature=REDACTED&Signature=REDACTED",
  );
  assert.equal(query("/a?sig=1&design=2&awsaccesskeyid=3"), "sig=REDACTED&design=2&awsaccesskeyid=REDACTED");
});

test("the host that the client meant", () => {
  const server = (host: string): unknown[] => {
    const attributes = requestAttributes(exampleExchange({ host }), options);
    return [attributes["server.address"], attributes["server.port"]];
  };
  assert.deepEqual(server("a.example"), ["a.example", undefined]);
  assert.deepEqual(server("a.example:80"), ["a.example", 80]);
  assert.deepEqual(server("[::1]:8443"), ["[::1]", 8443]);
  for (const odd of ["", ":80", "a b", "a:b", "a:1:2", "user@host", "a/b"]) {
    assert.deepEqual(server(odd), [undefined, undefined], odd);
  }
});

test("what counts as an error of the server", () => {
  const ended = (change: Partial<Exchange>, status = 200): unknown[] => {
    const exchange = Object.assign(exampleExchange(), change);
    sendHead(exchange, status);
    return [responseAttributes(exchange)["error.type"], isServerError(exchange)];
  };
  assert.deepEqual(ended({ ending: "complete" }, 404), [undefined, false]);
  assert.deepEqual(ended({ ending: "complete" }, 500), ["500", true]);
  assert.deepEqual(ended({ ending: "complete", errorType: "TypeError" }, 500), ["TypeError", true]);
  assert.deepEqual(ended({ ending: "cut" }), ["cut", true]);
  assert.deepEqual(ended({ ending: "aborted" }), [undefined, false]);
  const unanswered = Object.assign(exampleExchange(), { ending: "aborted" });
  assert.deepEqual(responseAttributes(unanswered), {});
});
