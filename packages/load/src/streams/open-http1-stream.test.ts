import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { once } from "node:events";
import { createServer, type RequestListener } from "node:http";
import { connect, type AddressInfo, type Socket } from "node:net";
import type { Duplex } from "node:stream";
import { test, type TestContext } from "node:test";
import { openHttp1Stream } from "./open-http1-stream.ts";
import type { OpenStream } from "./stream.ts";

const events = { "content-type": "text/event-stream; charset=utf-8" };
const times = { openMs: 2_000, silentMs: 5_000 };

test("server-sent events end with an announcement when the answer comes to its end", async (context) => {
  for (const [end, expected] of [
    [(answer) => answer.end(), { end: "announced", detail: "end of the answer" }],
    [(answer) => answer.destroy(), { end: "broken", detail: "ECONNRESET" }],
    [(answer) => (answer.socket as Socket).resetAndDestroy(), { end: "broken", detail: "ECONNRESET" }],
  ] satisfies [(answer: Parameters<RequestListener>[1]) => void, unknown][]) {
    const port = await served(context, (request, answer) => {
      assert.deepEqual([request.url, request.headers.accept], ["/events?a=b", "text/event-stream"]);
      answer.writeHead(200, events).write("data: 1\n\n", () => end(answer));
    });
    const stream = await open(port, { kind: "sse", path: "/events?a=b" });
    assert.deepEqual(await stream.ended, expected);
  }
});

test("what is no stream of events is not taken for one", async (context) => {
  for (const [listener, why] of [
    [(_, answer) => answer.writeHead(503).end(), /status 503/],
    [(_, answer) => answer.writeHead(200, { "content-type": "text/html" }).end(), /content-type text\/html/],
    [(request) => request.socket.destroy(), /ECONNRESET|hang up/],
  ] satisfies [RequestListener, RegExp][]) {
    const port = await served(context, listener);
    await assert.rejects(open(port, { kind: "sse", path: "/" }), why);
  }
});

test("a WebSocket ends with an announcement when the server says that it goes", async (context) => {
  const port = await accepting(context, (socket, path) => {
    const code = Number(path.slice(1));
    if (code > 0) socket.write(closeFrame(code));
    else if (path === "/cut") socket.destroy();
    else socket.write(Buffer.from([0x88, 0]));
  });
  for (const [path, expected] of [
    ["/1000", { end: "announced", detail: "close 1000" }],
    ["/1001", { end: "announced", detail: "close 1001" }],
    ["/1012", { end: "announced", detail: "close 1012" }],
    ["/1011", { end: "broken", detail: "close 1011" }],
    ["/none", { end: "broken", detail: "close 1005" }],
    ["/cut", { end: "broken", detail: "close 1006" }],
  ] as const) {
    const stream = await open(port, { kind: "websocket", path });
    assert.deepEqual(await stream.ended, expected, path);
  }
});

test("a WebSocket answers pings, and its close, and passes over messages", async (context) => {
  const { promise, resolve } = Promise.withResolvers<readonly Buffer[]>();
  const port = await accepting(context, (socket) => {
    const chunks: Buffer[] = [];
    socket.on("data", (chunk: Buffer) => {
      if (chunks.length === 0) socket.write(closeFrame(1001));
      chunks.push(chunk);
    });
    socket.on("end", () => resolve(chunks));
    const message = Buffer.alloc(10 + 100_000);
    message.set([0x82, 127]);
    message.writeBigUInt64BE(100_000n, 2);
    socket.write(message);
    socket.write(Buffer.from([0x89, 4, ...Buffer.from("here")]));
  });
  const stream = await open(port, { kind: "websocket", path: "/" });
  assert.deepEqual(await stream.ended, { end: "announced", detail: "close 1001" });
  const [pong = none, close = none] = await promise;
  assert.deepEqual([pong[0], unmasked(pong).toString()], [0x8a, "here"]);
  assert.deepEqual([close[0], unmasked(close).readUInt16BE(0)], [0x88, 1001]);
});

test("a WebSocket that has answered pings and gives no more sign of life is broken", async (context) => {
  const port = await accepting(context, (socket) => {
    socket.once("data", () => socket.write(Buffer.from([0x8a, 0])));
  });
  const stream = await open(port, { kind: "websocket", path: "/" }, 50);
  assert.deepEqual(await stream.ended, { end: "broken", detail: "silent for 0.05 s" });
});

test("a server that answers no ping is not called silent", async (context) => {
  let pings = 0;
  const port = await accepting(context, (socket) => {
    socket.on("data", () => {
      pings += 1;
      if (pings === 3) socket.write(closeFrame(1001));
    });
  });
  const stream = await open(port, { kind: "websocket", path: "/" }, 30);
  assert.deepEqual(await stream.ended, { end: "announced", detail: "close 1001" });
});

test("an upgrade with the answer to another key is none", async (context) => {
  const port = await served(
    context,
    () => undefined,
    (_, socket) => accept("another", socket),
  );
  await assert.rejects(open(port, { kind: "websocket", path: "/" }), /not asked for/);
});

test("a stream that its client closes ends, and is not broken", async (context) => {
  const { promise, resolve } = Promise.withResolvers<Buffer>();
  const port = await accepting(context, (socket) => socket.on("data", resolve));
  const stream = await open(port, { kind: "websocket", path: "/" });
  stream.close();
  assert.equal((await stream.ended).end, "announced");
  assert.equal(unmasked(await promise).readUInt16BE(0), 1001);
});

async function open(
  port: number,
  stream: Parameters<typeof openHttp1Stream>[1],
  silentMs = times.silentMs,
): Promise<OpenStream> {
  const socket = connect(port, "127.0.0.1");
  await once(socket, "connect");
  return await openHttp1Stream(socket, stream, "news.example", { ...times, silentMs });
}

async function served(
  context: TestContext,
  listener: RequestListener,
  onUpgrade?: (request: Parameters<RequestListener>[0], socket: Duplex) => void,
): Promise<number> {
  const server = createServer(listener);
  const sockets = new Set<Socket>();
  server.on("connection", (socket) => sockets.add(socket.on("error", () => undefined)));
  if (onUpgrade !== undefined) server.on("upgrade", (request, socket) => onUpgrade(request, socket));
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  context.after(() => {
    server.close();
    for (const socket of sockets) socket.destroy();
  });
  return (server.address() as AddressInfo).port;
}

/** A server that takes WebSockets, and then does as it is told. */
async function accepting(
  context: TestContext,
  onSocket: (socket: Duplex, path: string) => void,
): Promise<number> {
  return await served(
    context,
    () => undefined,
    (request, socket) => {
      accept(request.headers["sec-websocket-key"] ?? "", socket);
      onSocket(socket.resume(), request.url ?? "");
    },
  );
}

const none = Buffer.alloc(0);

function closeFrame(code: number): Buffer {
  return Buffer.from([0x88, 2, code >> 8, code & 0xff]);
}

/** The payload of a client's frame of control. */
function unmasked(frame: Buffer): Buffer {
  const length = frame[1]! & 0x7f;
  return Buffer.from(frame.subarray(6, 6 + length).map((byte, at) => byte ^ frame[2 + (at % 4)]!));
}

function accept(key: string, socket: Duplex): void {
  socket.write(
    `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${acceptOf(key)}\r\n\r\n`,
  );
}

function acceptOf(key: string): string {
  return createHash("sha1").update(`${key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`).digest("base64");
}
