import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer, type IncomingHttpHeaders } from "node:http";
import { connect, type AddressInfo } from "node:net";
import { test } from "node:test";
import * as fc from "fast-check";
import { echoedHeaders } from "./echoed-headers.ts";

test("headers of the connection, the body, credentials and a browser's rules are not echoed", () => {
  const echoed = echoedHeaders({
    accept: "*/*",
    connection: "keep-alive, X-Hop",
    "x-hop": "1",
    host: "a",
    "content-length": "3",
    "content-encoding": "gzip",
    "transfer-encoding": "chunked",
    authorization: "Bearer x",
    "access-control-allow-origin": "*",
    "x-trace": "t",
  });
  assert.deepEqual(echoed, [
    ["accept", "*/*"],
    ["x-trace", "t"],
  ]);
});

for (const name of [
  "Set-Cookie",
  "Location",
  "Access-Control-Allow-Origin",
  "Content-Security-Policy",
  "X-Frame-Options",
  "Link",
  "Alt-Svc",
  "NEL",
  "Report-To",
  "Server-Timing",
  "Sec-WebSocket-Accept",
  "X-Accel-Redirect",
  "X-Sendfile",
  "X-Envoy-Immediate-Health-Check-Fail",
  "X-Forwarded-For",
  "Cache-Control",
  "ETag",
  "Version",
  "X-Pod-Name",
  "X-Seaworthy-Echo",
  "WWW-Authenticate",
  "Grpc-Status",
]) {
  test(`${name} is not echoed`, () => {
    assert.deepEqual(echoedHeaders({ [name.toLowerCase()]: "a" }), []);
  });
}

test("HTTP/2's pseudo-headers and what cannot be sent are left out", () => {
  const headers = {
    ":path": "/",
    "a b": "1",
    "x-a": "1\r\nset-cookie: b=1",
    "x-b": "\u{1f6a2}",
    "x-c": "\0",
    ok: "1",
  };
  assert.deepEqual(echoedHeaders(headers), [["ok", "1"]]);
});

test("the echo ends before the head gets too large for a proxy", () => {
  const headers = Object.fromEntries(
    Array.from({ length: 100 }, (_, index) => [`x-${index}`, "v".repeat(100)]),
  );
  const chars = echoedHeaders(headers).flat(2).join("").length;
  assert.ok(chars > 2_000 && chars < 3_072, `${chars} characters`);
});

test("whatever the headers are, the answer can be sent and has only lines that were asked for", async (t) => {
  const given = { headers: {} as IncomingHttpHeaders };
  const server = createServer((_, response) => {
    for (const [name, value] of echoedHeaders(given.headers)) response.setHeader(name, value);
    response.end();
  });
  server.listen(0, "127.0.0.1");
  t.after(() => server.close());
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  const text = fc.string({ unit: "binary", maxLength: 30 });
  const name = fc.oneof(
    fc.string({ maxLength: 12 }),
    text,
    fc.constantFrom("__proto__", "constructor", "x-ok"),
  );
  const anything = fc.dictionary(
    name.map((name) => name.toLowerCase()),
    fc.oneof(text, fc.constant("a\r\nset-cookie: b=1"), fc.constant("a\nb: c")),
    { noNullPrototype: false },
  );
  await fc.assert(
    fc.asyncProperty(anything, async (headers) => {
      given.headers = headers;
      const socket = connect(port, "127.0.0.1", () =>
        socket.write("GET / HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n"),
      );
      const head = (await socket.setEncoding("latin1").toArray()).join("").split("\r\n\r\n")[0] ?? "";
      assert.match(head, /^HTTP\/1\.1 200 OK\r\n/);
      const names = head
        .split("\r\n")
        .slice(1)
        .map((line) => line.slice(0, line.indexOf(":")));
      const ours = ["date", "connection", "content-length"];
      for (const name of names) {
        const known = ours.includes(name.toLowerCase()) || Object.hasOwn(headers, name);
        assert.ok(known, `${name} was not asked for`);
      }
      assert.ok(!names.includes("set-cookie"));
    }),
    { numRuns: 300 },
  );
});
