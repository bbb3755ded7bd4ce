import assert from "node:assert/strict";
import { once } from "node:events";
import { request as send, type IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import { test, type TestContext } from "node:test";
import { WebSocket } from "ws";
import { createWebSocketEcho, type WebSocketEchoOptions } from "./web-socket-echo.ts";
import { createApp } from "./create-app.ts";
import { exampleParts, listen } from "./testing/example-app.ts";

async function origin(t: TestContext, options: Partial<WebSocketEchoOptions> = {}): Promise<string> {
  const app = createApp(exampleParts, { forceCloseConnections: true });
  const echo = createWebSocketEcho({ version: "7", podName: "pod-a", ...options });
  const sockets: Duplex[] = [];
  app.server.on("upgrade", (request, socket, head) => {
    sockets.push(socket);
    echo.upgrade(request, socket, head);
  });
  t.after(async () => {
    for (const socket of sockets) socket.destroy();
    await app.close();
  });
  return await listen(app);
}

function open(t: TestContext, url: string, options = {}): WebSocket {
  const client = new WebSocket(`${url}/ws/echo?x=1`, { perMessageDeflate: false, ...options });
  t.after(() => client.terminate());
  return client;
}

test("messages come back as they are, in order", async (t) => {
  const client = open(t, await origin(t));
  const opened = once(client, "open");
  const [upgraded] = (await once(client, "upgrade")) as [IncomingMessage];
  assert.equal(upgraded.headers["version"], "7");
  assert.equal(upgraded.headers["x-pod-name"], "pod-a");
  await opened;
  const messages: [data: Buffer, isBinary: boolean][] = [
    [Buffer.from("text"), false],
    [Buffer.from([0, 255]), true],
    [Buffer.alloc(1024 * 1024, 7), true],
    [Buffer.alloc(0), false],
  ];
  const received: [Buffer, boolean][] = [];
  const all = Promise.withResolvers<void>();
  client.on("message", (data, isBinary) => {
    received.push([data as Buffer, isBinary]);
    if (received.length === messages.length) all.resolve();
  });
  for (const [data, binary] of messages) client.send(data, { binary });
  await all.promise;
  assert.deepEqual(received, messages);
});

test("a message over 1 MiB closes the connection with 1009", async (t) => {
  const client = open(t, await origin(t));
  await once(client, "open");
  client.send(Buffer.alloc(1024 * 1024 + 1));
  const [code] = (await once(client, "close")) as [number];
  assert.equal(code, 1009);
});

test("a client that answers no ping is ended, and one that does is not", async (t) => {
  const url = await origin(t, { pingMs: 20 });
  const silent = open(t, url, { autoPong: false });
  const lively = open(t, url);
  await once(lively, "open");
  await once(silent, "close");
  assert.equal(lively.readyState, WebSocket.OPEN);
});

test("other upgrades are refused, and a plain request is told what to do", async (t) => {
  const url = await origin(t);
  const wrongPath = new WebSocket(`${url}/elsewhere`);
  const [, answer] = (await once(wrongPath, "unexpected-response")) as [unknown, IncomingMessage];
  assert.equal(answer.statusCode, 404);
  const wrongMethod = send(`${url}/ws/echo`, {
    method: "POST",
    headers: { connection: "upgrade", upgrade: "websocket" },
  });
  const [refusal] = (await once(wrongMethod.end(), "response")) as [IncomingMessage];
  assert.equal(refusal.statusCode, 405);
  const plain = await fetch(`${url}/ws/echo`);
  assert.equal(plain.status, 426);
  assert.equal(plain.headers.get("upgrade"), "websocket");
});

test("a client that goes away during the handshake harms nobody", async (t) => {
  const url = await origin(t);
  const headers = {
    connection: "upgrade",
    upgrade: "websocket",
    "sec-websocket-version": "13",
    "sec-websocket-key": "eA==",
  };
  for (let index = 0; index < 20; index++) {
    const request = send(`${url}/ws/echo`, { headers }).on("error", () => undefined);
    request.end();
    await once(request, "socket");
    request.socket?.once("connect", () => setImmediate(() => request.socket?.resetAndDestroy()));
  }
  const client = open(t, url);
  await once(client, "open");
});
