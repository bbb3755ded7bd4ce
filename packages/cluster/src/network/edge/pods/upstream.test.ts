import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer } from "node:http";
import { connect, type AddressInfo, type Socket } from "node:net";
import { test } from "node:test";
import { profiles } from "../../../profiles.ts";
import { createHttp1Upstream } from "./http1-upstream.ts";

test("a pooled connection carries many requests", async (context) => {
  const server = createServer((_, response) => response.end("ok")).listen(0, "127.0.0.1");
  await once(server, "listening");
  context.after(() => server.close());
  const sockets: Socket[] = [];
  using upstream = createHttp1Upstream(profiles["ingress-nginx"].proxy.pool, async (ip, port) => {
    const socket = connect(port, ip);
    await once(socket, "connect");
    sockets.push(socket);
    return socket;
  });
  for (let count = 0; count < 5; count += 1) {
    const result = await upstream.try({
      ip: "127.0.0.1",
      port: (server.address() as AddressInfo).port,
      method: "POST",
      target: "/",
      headers: ["Host", "test", "Content-Length", "2"],
      body: Buffer.from("hi"),
      connectTimeoutMs: 5000,
      readTimeoutMs: 5000,
      onStart: () => {},
    });
    assert.equal(result.kind, "answered");
    result.answer.body.resume();
    await once(result.answer.body, "close");
  }
  assert.equal(sockets.length, 1);
});
