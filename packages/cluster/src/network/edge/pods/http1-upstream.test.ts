import assert from "node:assert/strict";
import { once } from "node:events";
import { connect, createServer, type AddressInfo, type Socket } from "node:net";
import { Readable } from "node:stream";
import { buffer } from "node:stream/consumers";
import { test } from "node:test";
import * as fc from "fast-check";
import { nginxBehavior } from "../proxy-behavior.ts";
import { createHttp1Upstream } from "./http1-upstream.ts";
import type { UpstreamRequest, UpstreamResult } from "./upstream.ts";

const ok = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi";

test("a kept connection carries many requests, and none after what closes it", async () => {
  await using pod = await startPod((socket) => socket.write(ok));
  for (let count = 0; count < 5; count += 1)
    assert.equal(await textOf(await pod.try({ method: "POST", body: Buffer.from("hi") })), "200 OK hi");
  assert.equal(pod.sockets.length, 1);
  pod.answer = (socket) => socket.write(ok.replace("OK\r\n", "OK\r\nConnection: close\r\n"));
  await pod.try();
  pod.answer = (socket) => socket.write(`${ok}HTTP/1.1 200 Not asked for\r\n`);
  await pod.try();
  pod.answer = (socket) => socket.write(ok);
  await pod.try();
  assert.equal(pod.sockets.length, 3);
});

test("a connection that the pod closes at rest is forgotten, and one that speaks unasked, too", async () => {
  await using pod = await startPod((socket) => socket.write(ok));
  for (const disturb of [(socket: Socket) => socket.end(), (socket: Socket) => socket.write(ok)]) {
    await pod.try();
    const far = pod.sockets.at(-1);
    assert.ok(far);
    const gone = once(far, "close");
    disturb(far);
    await gone;
    assert.equal(await textOf(await pod.try()), "200 OK hi");
  }
  assert.equal(pod.sockets.length, 3);
});

test("an answer is the same wherever it is cut", async () => {
  const answers: [string, string, string][] = [
    ["GET", `HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\nHTTP/1.1 100 Continue\r\n\r\n${ok}`, "200 OK hi"],
    ["HEAD", "HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n", "200 OK "],
    ["GET", "HTTP/1.1 204 No Content\r\n\r\n", "204 No Content "],
    ["GET", "HTTP/1.1 304 Not Modified\r\nContent-Length: 99\r\n\r\n", "304 Not Modified "],
    [
      "GET",
      "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3;x=1\r\none\r\n4\r\n two\r\n0\r\nX-Sum: 1\r\n\r\n",
      "200 OK one two",
    ],
  ];
  await using pod = await startPod(() => {});
  const places = fc.array(fc.nat(200), { maxLength: 6 });
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...answers), places, async ([method, bytes, expected], cuts) => {
      pod.answer = (socket) => void writeInPieces(socket, bytes, cuts);
      assert.equal(await textOf(await pod.try({ method })), expected);
    }),
    { numRuns: 60 },
  );
  assert.equal(pod.sockets.length, 1, "all of them leave the connection as it was");
});

test("a body without a length ends with the connection, and one with a length breaks off with it", async () => {
  await using pod = await startPod((socket) => socket.end("HTTP/1.1 200 OK\r\n\r\nall of it"));
  assert.equal(await textOf(await pod.try()), "200 OK all of it");
  pod.answer = (socket) => socket.end("HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\nnot all of it");
  const result = await pod.try();
  await assert.rejects(textOf(result), /the answer broke off/);
});

test("what two readers could read differently is refused", async () => {
  for (const answer of [
    "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\nhi",
    "HTTP/1.1 200 OK\nContent-Length: 2\n\nhi",
    "HTTP/1.1 200 OK\r\nX-Folded: a\r\n b\r\nContent-Length: 2\r\n\r\nhi",
    "HTTP/1.1 200 OK\r\nContent-Length : 2\r\n\r\nhi",
    "HTTP/1.1 101 Switching Protocols\r\n\r\n",
    `HTTP/1.1 200 OK\r\nX-Large: ${"a".repeat(70_000)}\r\n\r\n`,
  ]) {
    await using pod = await startPod((socket) => socket.write(answer));
    const { promise: gone, resolve } = Promise.withResolvers<void>();
    pod.onConnection = (socket) => socket.once("close", () => resolve());
    const result = await pod.try();
    assert.equal(result.kind, "failed", answer.slice(0, 80));
    assert.deepEqual([result.failure, result.code, result.sent], ["closed-before-headers", "EPROTO", true]);
    await gone;
  }
});

test("what cannot be written as it is meant is not sent", async () => {
  await using pod = await startPod((socket) => socket.write(ok));
  for (const wrong of [
    { target: "/a b" },
    { target: "/a\r\nX: y" },
    { method: "GET /" },
    { headers: ["X-A", "b\r\nX-C: d"] },
    { headers: ["X A", "b"] },
  ])
    await assert.rejects(pod.try(wrong), /cannot be written/);
  assert.equal(pod.sockets.length, 0);
});

test("a body flows to the pod with its length or in chunks, as fast as the pod reads", async () => {
  const size = 5_000_000;
  for (const [headers, framing] of [
    [["Content-Length", String(size)], size],
    // 100 pieces, each between its length and an end of line, and the last chunk.
    [["Transfer-Encoding", "chunked"], size + 100 * (4 + 2 + 2) + 5],
  ] as const) {
    let length = 0;
    await using pod = await startPod((socket, bytes) => {
      length += bytes.length;
      if (length === framing) socket.write(ok);
    });
    const pieces = Array.from({ length: 100 }, () => Buffer.alloc(size / 100));
    const host = ["Host: a", `${headers[0]}: ${headers[1]}`, "", ""].join("\r\n");
    length -= `POST / HTTP/1.1\r\n${host}`.length;
    const body = Readable.from(pieces, { objectMode: false });
    assert.equal(
      await textOf(await pod.try({ method: "POST", headers: ["Host", "a", ...headers], body })),
      "200 OK hi",
    );
    assert.equal(length, framing);
  }
});

test("a pod that answers before it has the whole request gets no other one on that connection", async () => {
  await using pod = await startPod((socket) => socket.write(ok));
  const body = new Readable({ read() {} });
  body.push("a part");
  const headers = ["Host", "a", "Transfer-Encoding", "chunked"];
  assert.equal(await textOf(await pod.try({ method: "POST", headers, body })), "200 OK hi");
  assert.equal(await textOf(await pod.try()), "200 OK hi");
  assert.equal(pod.sockets.length, 2);
});

test("an answer waits in the pod while nobody reads it, and that is no silence of the pod", async () => {
  const size = 20_000_000;
  await using pod = await startPod((socket) => {
    socket.write(`HTTP/1.1 200 OK\r\nContent-Length: ${size}\r\n\r\n`);
    socket.write(Buffer.alloc(size));
  });
  const result = await pod.try({ readTimeoutMs: 300 });
  assert.ok(result.kind === "answered" && !Buffer.isBuffer(result.answer.body));
  await new Promise((resolve) => setTimeout(resolve, 700));
  assert.ok((pod.sockets[0]?.writableLength ?? 0) > 0, "not all was taken from the pod");
  assert.equal((await buffer(result.answer.body)).length, size);
});

test("silence, and an end from outside, before the answer and within", async () => {
  await using pod = await startPod(() => {});
  const silent = await pod.try({ readTimeoutMs: 20 });
  assert.ok(silent.kind === "failed");
  assert.deepEqual([silent.failure, silent.code], ["read-timeout", "ETIMEDOUT"]);
  const { promise, resolve } = Promise.withResolvers<void>();
  pod.answer = () => resolve();
  let end = (): unknown => undefined;
  const ended = pod.try({ onStart: (request) => (end = () => request.destroy()) });
  await promise;
  end();
  assert.equal((await ended).kind, "failed");
  pod.answer = (socket) => socket.write("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\npart");
  const begun = await pod.try({ onStart: (request) => (end = () => request.destroy()) });
  end();
  await assert.rejects(textOf(begun), /the answer broke off/);
  // An end that comes too late must not hit the next request on that connection.
  pod.answer = (socket) => socket.write(ok);
  await pod.try({ onStart: (request) => (end = () => request.destroy()) });
  const next = pod.try();
  end();
  assert.equal(await textOf(await next), "200 OK hi");
});

async function startPod(answer: (socket: Socket, bytes: Buffer) => unknown) {
  const sockets: Socket[] = [];
  const server = createServer((socket) => {
    sockets.push(socket);
    pod.onConnection?.(socket);
    socket.on("error", () => {});
    socket.on("data", (bytes) => pod.answer(socket, bytes));
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const upstream = createHttp1Upstream(nginxBehavior.pool, async (ip, port) => {
    const socket = connect(port, ip);
    await once(socket, "connect");
    return socket;
  });
  const pod = {
    sockets,
    answer,
    onConnection: undefined as ((socket: Socket) => void) | undefined,
    try: (request: Partial<UpstreamRequest> = {}) =>
      upstream.try({
        ip: "127.0.0.1",
        port: (server.address() as AddressInfo).port,
        method: "GET",
        target: "/",
        headers: [
          "Host",
          "a",
          ...(request.body instanceof Buffer ? ["Content-Length", `${request.body.length}`] : []),
        ],
        body: undefined,
        connectTimeoutMs: 5000,
        readTimeoutMs: 5000,
        onStart: () => {},
        ...request,
      }),
    async [Symbol.asyncDispose]() {
      upstream[Symbol.dispose]();
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, "close");
    },
  };
  return pod;
}

async function textOf(result: UpstreamResult): Promise<string> {
  assert.equal(result.kind, "answered");
  const { status, reason, body } = result.answer;
  return `${status} ${reason} ${String(Buffer.isBuffer(body) ? body : await buffer(body))}`;
}

/** Each piece in a turn of its own, so that they mostly arrive apart. */
async function writeInPieces(socket: Socket, bytes: string, cuts: readonly number[]): Promise<void> {
  const places = [...cuts.map((cut) => cut % bytes.length), bytes.length].sort((a, b) => a - b);
  let from = 0;
  for (const to of places) {
    socket.write(bytes.slice(from, to), "latin1");
    from = to;
    await new Promise((resolve) => setImmediate(resolve));
  }
}
