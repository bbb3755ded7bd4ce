import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer as createHttpServer } from "node:http";
import { createServer, type ServerHttp2Stream } from "node:http2";
import { connect, type AddressInfo, type Server } from "node:net";
import { test } from "node:test";
import { createFakeSandbox } from "../testing/fake-sandbox.ts";
import { probeGrpc } from "./probe-grpc.ts";

const longName = "s".repeat(300);
const byService: Readonly<Record<string, (stream: ServerHttp2Stream) => void>> = {
  "": (stream) => answer(stream, Buffer.from([8, 1])),
  [longName]: (stream) => answer(stream, Buffer.from([8, 1])),
  sick: (stream) => answer(stream, Buffer.from([8, 2])),
  zero: (stream) => answer(stream, Buffer.alloc(0)),
  unknown: (stream) => refuse(stream, 5, "unknown service"),
  none: (stream) => refuse(stream, 12, "unknown%20service grpc.health.v1.Health"),
  web: (stream) => stream.respond({ ":status": 502 }, { endStream: true }),
  silent: () => {},
};

const cases: readonly [service: string, message: string][] = [
  ["", ""],
  [longName, ""],
  ["sick", 'service unhealthy (responded with "NOT_SERVING")'],
  ["zero", 'service unhealthy (responded with "UNKNOWN")'],
  ["unknown", "error: health rpc probe failed: rpc error: code = NotFound desc = unknown service"],
  [
    "none",
    "error: this server does not implement the grpc health protocol (grpc.health.v1.Health): unknown service grpc.health.v1.Health",
  ],
  [
    "web",
    "error: health rpc probe failed: rpc error: code = Unknown desc = unexpected HTTP status code received from server: 502",
  ],
  ["silent", "timeout: health rpc did not complete within 0.5s"],
];

for (const [service, message] of cases) {
  test(`a gRPC probe of the service "${service.slice(0, 8)}": ${message || "healthy"}`, async () => {
    const server = createServer();
    server.on("stream", (stream: ServerHttp2Stream, headers) => {
      assert.equal(headers[":path"], "/grpc.health.v1.Health/Check");
      const chunks: Buffer[] = [];
      stream.on("error", () => {});
      stream.on("data", (chunk: Buffer) => chunks.push(chunk));
      stream.on("end", () => byService[serviceOf(Buffer.concat(chunks))]?.(stream));
    });
    await using pod = await listening(server);
    const result = await probeGrpc({ port: 80, service }, pod.sandbox, service === "silent" ? 500 : 10_000);
    assert.deepEqual(result, { success: message === "", message });
  });
}

test("a gRPC probe of a port that nothing listens on fails", async () => {
  const { success, message } = await probeGrpc({ port: 80 }, createFakeSandbox(), 1000);
  assert.equal(success, false);
  assert.match(
    message,
    /^error: failed to connect service at "10\.244\.1\.2:80": dial tcp .*connection refused$/,
  );
});

test("a gRPC probe of a server that speaks HTTP/1.1 fails", async () => {
  await using pod = await listening(createHttpServer());
  const { success, message } = await probeGrpc({ port: 80 }, pod.sandbox, 10_000);
  assert.equal(success, false);
  assert.match(message, /^error: failed to connect service at /);
});

async function listening(server: Server) {
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  const dial = async () => {
    const socket = connect(port, "127.0.0.1");
    await once(socket, "connect");
    return socket;
  };
  return {
    sandbox: { ...createFakeSandbox(), dial },
    [Symbol.asyncDispose]: async () => {
      server.close();
      await once(server, "close");
    },
  };
}

function answer(stream: ServerHttp2Stream, message: Buffer): void {
  stream.respond({ ":status": 200, "content-type": "application/grpc" }, { waitForTrailers: true });
  stream.on("wantTrailers", () => stream.sendTrailers({ "grpc-status": "0" }));
  stream.end(Buffer.concat([Buffer.from([0, 0, 0, 0, message.length]), message]));
}

/** An error that comes with the headers: gRPC calls it Trailers-Only. */
function refuse(stream: ServerHttp2Stream, code: number, message: string): void {
  const headers = { ":status": 200, "content-type": "application/grpc" };
  stream.respond({ ...headers, "grpc-status": `${code}`, "grpc-message": message }, { endStream: true });
}

function serviceOf(request: Buffer): string {
  assert.equal(request.readUInt32BE(1), request.length - 5);
  if (request.length === 5) return "";
  const lengthBytes = request[6]! < 128 ? 1 : 2;
  return request.subarray(6 + lengthBytes).toString();
}
