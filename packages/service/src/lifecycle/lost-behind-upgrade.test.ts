import assert from "node:assert/strict";
import { once } from "node:events";
import { connect } from "node:net";
import { test } from "node:test";
import { converse } from "../protection/testing/start-gated-server.ts";
import { startService } from "../testing/start-service.ts";

const upgrade = (...lines: string[]): string =>
  ["GET / HTTP/1.1", "Host: a", "Connection: Upgrade", "Upgrade: h2c", ...lines, "", ""].join("\r\n");
const next = "GET /next HTTP/1.1\r\nHost: a\r\n\r\n";

test("an upgrade that nobody grants ends the connection when something was sent behind it", async (t) => {
  const seen: string[] = [];
  const { port } = await startService(t, {}, (request, response) => {
    seen.push(request.url ?? "");
    response.end("ok");
  });
  // Node loses the head of the POST, so that its body would be a request.
  const post = `POST /post HTTP/1.1\r\nHost: a\r\nContent-Length: ${next.length}\r\n\r\n`;
  for (const sent of [upgrade() + post, upgrade("Content-Length: 1") + "x" + post]) {
    const answer = await converse(port, sent);
    assert.match(answer, /^HTTP\/1\.1 200 [^]*\r\nConnection: close\r\n[^]*ok$/);
  }
  assert.deepEqual(seen, ["/", "/"]);
});

test("an upgrade that nobody grants keeps the connection when nothing was sent behind it", async (t) => {
  const { port } = await startService(t);
  const socket = connect(port, "127.0.0.1").setEncoding("utf8");
  t.after(() => socket.destroy());
  for (const sent of [upgrade(), next, upgrade("x-one: 1")]) {
    socket.write(sent);
    const [answer] = (await once(socket, "data")) as [string];
    assert.match(answer, /\r\nConnection: keep-alive\r\n/);
  }
});
