import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer, type ServerHttp2Stream } from "node:http2";
import { connect, type AddressInfo, type Socket } from "node:net";
import { test, type TestContext } from "node:test";
import { grpcStream } from "../plan/grpc-call.ts";
import { openCallStream } from "./open-call-stream.ts";
import type { OpenStream } from "./stream.ts";

const type = { ":status": 200, "content-type": "application/grpc" };
const message = Buffer.from([0, 0, 0, 0, 2, 8, 1]);

/** Begins an answer, and ends it with these trailers. */
function ending(trailers: Readonly<Record<string, string>>): (stream: ServerHttp2Stream) => void {
  return (stream) => {
    stream.respond(type, { waitForTrailers: true });
    stream.on("wantTrailers", () => stream.sendTrailers(trailers));
    stream.end(message);
  };
}

for (const [name, deed, expected] of [
  ["OK", ending({ "grpc-status": "0" }), { end: "announced", detail: "grpc-status OK" }],
  [
    "UNAVAILABLE",
    ending({ "grpc-status": "14", "grpc-message": "going%20away" }),
    { end: "announced", detail: "grpc-status UNAVAILABLE: going away" },
  ],
  ["INTERNAL", ending({ "grpc-status": "13" }), { end: "broken", detail: "grpc-status INTERNAL" }],
  ["no status", ending({}), { end: "broken", detail: "the answer ended without a grpc-status" }],
  [
    "a reset of the stream",
    (stream) => {
      stream.respond(type);
      stream.write(message, () => stream.destroy(new Error("a fault of the server")));
    },
    { end: "broken", detail: "RST_STREAM INTERNAL_ERROR" },
  ],
  [
    "a reset of the connection",
    (stream, socket) => {
      stream.respond(type);
      stream.write(message, () => setImmediate(() => socket.resetAndDestroy()));
    },
    { end: "broken", detail: "ECONNRESET" },
  ],
  [
    "the end of the connection",
    (stream, socket) => {
      stream.respond(type);
      stream.write(message, () => setImmediate(() => socket.end()));
    },
    { end: "broken", detail: "closed in the middle of the answer" },
  ],
] satisfies [string, Deed, unknown][])
  test(`a stream of gRPC that ends with ${name}`, async (context) => {
    const stream = await open(await served(context, deed));
    assert.deepEqual(await stream.ended, expected);
  });

for (const [name, deed, why] of [
  ["503", (stream) => stream.respond({ ":status": 503 }, { endStream: true }), /status 503/],
  ["a page", (stream) => stream.respond({ ":status": 200, "content-type": "text/html" }), /text\/html/],
  [
    "a status alone",
    (stream) => stream.respond({ ...type, "grpc-status": "12" }, { endStream: true }),
    /grpc-status UNIMPLEMENTED/,
  ],
  ["nothing", () => undefined, /no answer in time/],
  ["the end of the connection", (_, socket) => socket.destroy(), /closed|ECONNRESET/],
] satisfies [string, Deed, RegExp][])
  test(`what is answered by ${name} is no stream`, async (context) => {
    await assert.rejects(open(await served(context, deed), 300), why);
  });

test("the call brings its message, and its end", async (context) => {
  const { promise, resolve } = Promise.withResolvers<Buffer>();
  const port = await served(context, (stream) => {
    const chunks: Buffer[] = [];
    stream.on("data", (chunk: Buffer) => chunks.push(chunk));
    stream.on("end", () => {
      resolve(Buffer.concat(chunks));
      stream.respond(type);
    });
  });
  const stream = await open(port);
  assert.deepEqual(await promise, Buffer.from([0, 0, 0, 0, 1, 7]));
  stream.close();
  assert.equal((await stream.ended).end, "announced");
});

type Deed = (stream: ServerHttp2Stream, socket: Socket) => void;

async function open(port: number, openMs = 5_000): Promise<OpenStream> {
  const socket = connect(port, "127.0.0.1");
  await once(socket, "connect");
  return await openCallStream(
    socket,
    grpcStream("shop.Carts/Watch", Buffer.from([7])),
    "shop.example",
    openMs,
  );
}

async function served(context: TestContext, deed: Deed): Promise<number> {
  const server = createServer();
  const sockets = new Set<Socket>();
  server.on("connection", (socket: Socket) => sockets.add(socket.on("error", () => undefined)));
  server.on("sessionError", () => undefined);
  server.on("stream", (stream, headers) => {
    stream.on("error", () => undefined);
    assert.deepEqual([headers[":path"], headers["te"]], ["/shop.Carts/Watch", "trailers"]);
    deed(stream, [...sockets].at(-1)!);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  context.after(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return (server.address() as AddressInfo).port;
}
