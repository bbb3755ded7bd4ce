import assert from "node:assert/strict";
import { once } from "node:events";
import { connect } from "node:net";
import { test } from "node:test";
import { startService } from "../testing/start-service.ts";
import { converse } from "./testing/start-gated-server.ts";

const chunked = "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n";
const refused: readonly (readonly [what: string, bytes: string, status: number])[] = [
  ["nonsense", "nonsense\r\n\r\n", 400],
  ["a target that is too long", `GET /${"a".repeat(20_000)} HTTP/1.1\r\nHost: a\r\n\r\n`, 414],
  ["a head that is too long", `GET / HTTP/1.1\r\nHost: a\r\nx: ${"a".repeat(20_000)}\r\n\r\n`, 431],
  ["an extension that is too long", `${chunked}1;${"a".repeat(20_000)}\r\nx\r\n0\r\n\r\n`, 413],
];

for (const [what, bytes, status] of refused) {
  test(`${what} has a ${status}`, async (t) => {
    const { port } = await startService(t, {}, (request) => void request.resume());
    assert.match(
      await converse(port, bytes),
      new RegExp(`^HTTP/1\\.1 ${status} .*\r\nConnection: close\r\n`),
    );
  });
}

test("a body that cannot be read is logged and counted with the status that was sent", async (t) => {
  const { port, lines, service } = await startService(t, {}, (request) => void request.resume());
  assert.match(await converse(port, `${chunked}nonsense\r\n`), /^HTTP\/1\.1 400 /);
  const line = lines().find(({ msg }) => msg === "request");
  assert.deepEqual([line?.["status"], line?.["ending"]], [400, "aborted"]);
  const { body } = await service.metrics.render();
  assert.match(body, /http_server_request_duration_seconds_count\{[^}]*http_response_status_code="400"/);
});

test("a client that gives up is logged as metrics count it", async (t) => {
  const came = Promise.withResolvers<void>();
  const gone = Promise.withResolvers<void>();
  const { port, lines } = await startService(t, {}, (_request, response) => {
    response.on("close", () => gone.resolve());
    came.resolve();
  });
  const socket = connect(port, "127.0.0.1");
  socket.write("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
  await came.promise;
  socket.resetAndDestroy();
  await gone.promise;
  const line = lines().find(({ msg }) => msg === "request");
  assert.deepEqual([line?.["status"], line?.["ending"]], [499, "aborted"]);
});

test("nonsense behind a request that is being answered has no answer in its place", async (t) => {
  const came = Promise.withResolvers<void>();
  const { port } = await startService(t, {}, () => came.resolve());
  const socket = connect(port, "127.0.0.1").setEncoding("utf8");
  let heard = "";
  socket.on("data", (text: string) => (heard += text));
  socket.write("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
  await came.promise;
  socket.write("nonsense\r\n\r\n");
  await once(socket, "close");
  assert.equal(heard, "");
});

test("an application's own listener keeps its way", async (t) => {
  const { port, server } = await startService(t);
  server.on("clientError", (_error, socket) => socket.end("mine"));
  assert.equal(await converse(port, "nonsense\r\n\r\n"), "mine");
});
