import assert from "node:assert/strict";
import { once } from "node:events";
import { connect, createServer, type AddressInfo, type Socket } from "node:net";
import { text } from "node:stream/consumers";
import { Readable } from "node:stream";
import { test } from "node:test";
import { edgeRequest } from "../../testing/test-data-plane.ts";
import type { EdgeReply, EdgeRequest } from "./edge-request.ts";
import { Http1Connection } from "./http1-connection.ts";

const get = "GET /a HTTP/1.1\r\nHost: a\r\n\r\n";

test("requests that come at once are answered one after the other, in their order", async () => {
  const replies: EdgeReply[] = [];
  await using client = await startClient((_request, reply) => void replies.push(reply));
  client.send(`\r\n${get}\r\n\r\n${get}${get}`);
  for (let count = 1; count <= 3; count += 1) {
    await client.until(() => replies.length === count);
    replies.at(-1)?.send(...answerOf(`${count}`));
    await client.until(() => client.got.endsWith(`\r\n\r\n${count}`));
  }
  assert.equal(client.got.match(/HTTP\/1.1 200 OK\r\n/g)?.length, 3);
  assert.match(client.got, /Date: .* GMT\r\nConnection: keep-alive\r\n/);
});

test("a request is the same wherever its bytes are cut, with its body whole or in pieces", async () => {
  const bodies = "POST /a HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhello";
  const chunks =
    "POST /a HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhe\r\n3;x\r\nllo\r\n0\r\nX: y\r\n\r\n";
  for (const message of [bodies, chunks]) {
    const seen: string[] = [];
    await using client = await startClient((request, reply) => {
      void textOf(request.body).then((body) => {
        seen.push(`${request.method} ${request.target} ${body}`);
        reply.send(...answerOf("ok"));
      });
    });
    for (let at = 1; at < message.length; at += 1) {
      const before = seen.length;
      client.deliver(message.slice(0, at));
      client.deliver(message.slice(at));
      await client.until(() => client.got.endsWith("ok") && seen.length === before + 1);
      client.got = "";
    }
    assert.deepEqual(new Set(seen), new Set(["POST /a hello"]));
  }
});

test("an answer is told by its length, by chunks, by the connection's end, or has no body", async () => {
  const cases = [
    ["GET / HTTP/1.1", ["Content-Length", "2"], /Content-Length: 2\r\n.*keep-alive\r\n\r\nok$/s],
    [
      "GET / HTTP/1.1",
      [],
      /Transfer-Encoding: chunked\r\nConnection: keep-alive\r\n\r\n2\r\nok\r\n0\r\n\r\n$/,
    ],
    ["GET / HTTP/1.0", [], /GMT\r\nConnection: close\r\n\r\nok$/],
    ["HEAD / HTTP/1.1", [], /GMT\r\nConnection: keep-alive\r\n\r\n$/],
  ] as const;
  for (const isStreamed of [false, true])
    for (const [line, headers, expected] of cases) {
      const ends: boolean[] = [];
      await using client = await startClient((_request, reply) => {
        reply.onEnd((isWhole) => ends.push(isWhole));
        const head = { status: 200, reason: undefined, headers };
        if (isStreamed) Readable.from([Buffer.from("ok")]).pipe(reply.begin(head));
        else reply.send(head, Buffer.from("ok"));
      });
      client.send(`${line}\r\nHost: a\r\nConnection: keep-alive\r\n\r\n`);
      await client.until(() => ends.length === 1 && expected.test(client.got));
      assert.deepEqual(ends, [true]);
    }
});

test("what cannot be read is refused at once, and the connection ends", async () => {
  for (const [bytes, status] of [
    ["GET / HTTP/1.1\n", 400],
    ["\u0016\u0003\u0001\u0002", 400],
    ["GET / HTTP/1.1\r\n\r\n", 400],
    [`GET / HTTP/1.1\r\nHost: a\r\nX: ${"x".repeat(16_384)}`, 431],
    [`GET / HTTP/1.1\r\nHost: a\r\nX: ${"x".repeat(16_384)}\r\n\r\n`, 431],
    ["POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nx", 400],
  ] as const) {
    await using client = await startClient(() => {});
    client.send(bytes);
    await once(client.socket, "end");
    assert.match(client.got, new RegExp(`^HTTP/1.1 ${status} `));
  }
});

test("a client that waits for 100 Continue gets it; one whose body is not wanted is answered, and may ask again", async () => {
  await using client = await startClient((request, reply) => {
    reply.send(...answerOf(request.body === undefined ? "next" : "no"));
  });
  client.send("PUT / HTTP/1.1\r\nHost: a\r\nContent-Length: 300000\r\nExpect: 100-continue\r\n\r\n");
  await client.until(() => client.got.startsWith("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK"));
  client.send("x".repeat(300_000) + get);
  await client.until(() => client.got.endsWith("next"));
});

test("a body is read from the client as fast as somebody takes it", async () => {
  const asked = Promise.withResolvers<EdgeRequest>();
  await using client = await startClient((request) => asked.resolve(request));
  const size = 20_000_000;
  client.send(`PUT / HTTP/1.1\r\nHost: a\r\nContent-Length: ${size}\r\n\r\n${"x".repeat(size)}`);
  const { body } = await asked.promise;
  let before = -1;
  while (client.socket.bytesWritten !== before) {
    before = client.socket.bytesWritten;
    for (let turn = 0; turn < 20; turn += 1) await new Promise((resolve) => setImmediate(resolve));
  }
  assert.ok(client.socket.writableLength > 0, "the client still has some of it");
  assert.equal((await text(body as Readable)).length, size);
});

test("a client that goes away, or says that it has no more to say, ends its request and its body", async () => {
  for (const leave of [(socket: Socket) => socket.end(), (socket: Socket) => socket.destroy()]) {
    const ended = Promise.withResolvers<boolean>();
    const broken = Promise.withResolvers<void>();
    await using client = await startClient((request, reply) => {
      reply.onEnd(ended.resolve);
      text(request.body as Readable).catch(() => broken.resolve());
      leave(client.socket);
    });
    client.send("PUT / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nab");
    assert.equal(await ended.promise, false);
    await broken.promise;
  }
});

test("an idle client is closed, one that waits for its answer is not, and half a head is told 408", async () => {
  let answer = () => {};
  await using client = await startClient((_request, reply) => {
    answer = () => reply.send(...answerOf("ok"));
  }, 30);
  client.send(get);
  await client.idled();
  answer();
  await client.until(() => client.got.endsWith("ok"));
  await once(client.socket, "end");
  await using half = await startClient(() => {}, 30);
  half.send("GET / HTTP/1.1\r\n");
  await once(half.socket, "end");
  assert.match(half.got, /^HTTP\/1.1 408 /);
});

async function textOf(body: EdgeRequest["body"]): Promise<string> {
  return Buffer.isBuffer(body) ? body.toString() : await text(body ?? Readable.from([]));
}

test("a connection that ends is closed with its next answer, and one that carries nothing at once", async () => {
  const replies: EdgeReply[] = [];
  await using client = await startClient((_, reply) => void replies.push(reply));
  const ask = async () => {
    client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
    await client.until(() => replies.length === 1);
    return replies.pop()!;
  };
  assert.equal(client.closeIfIdle(), false, "no request has come yet");
  const reply = await ask();
  assert.equal(client.closeIfIdle(), false, "it is not answered yet");
  reply.send(...answerOf("one"));
  await client.until(() => client.got.endsWith("one"));
  const next = await ask();
  client.isEnding = true;
  next.send(...answerOf("two"));
  await once(client.socket, "end");
  assert.match(client.got, /connection: keep-alive[^]*connection: close\r\n\r\ntwo$/i);

  await using idle = await startClient((_, each) => each.send(...answerOf("one")));
  idle.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
  await idle.until(() => idle.got.endsWith("one"));
  assert.equal(idle.closeIfIdle(), true);
  await once(idle.socket, "close");
});

function answerOf(body: string) {
  const headers = ["Content-Length", String(body.length)];
  return [{ status: 200, reason: "OK", headers }, Buffer.from(body)] as const;
}

/** A client of a connection whose requests come to `onRequest`. */
async function startClient(onRequest: (request: EdgeRequest, reply: EdgeReply) => void, idleMs = 60_000) {
  const { connection } = edgeRequest();
  let taken: Socket | undefined;
  let http: Http1Connection | undefined;
  const listener = { onRequest, onUpgrade: () => assert.fail(), closes: () => client.isEnding };
  const server = createServer((socket) => {
    taken = socket;
    http = new Http1Connection(socket, connection, listener);
    http.start(idleMs);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const socket = connect((server.address() as AddressInfo).port, "127.0.0.1");
  await Promise.all([once(socket, "connect"), once(server, "connection")]);
  const client = {
    socket,
    got: "",
    isEnding: false,
    closeIfIdle: () => http!.closeIfIdle(),
    send: (latin1: string) => socket.write(latin1, "latin1"),
    /** Gives the connection bytes as if they had come by themselves. */
    deliver: (latin1: string) => taken?.emit("data", Buffer.from(latin1, "latin1")),
    /** Resolves when the connection was still for `idleMs`. */
    async idled() {
      if (taken !== undefined) await once(taken, "timeout");
    },
    async until(isSo: () => boolean) {
      while (!isSo()) await new Promise((resolve) => setImmediate(resolve));
    },
    async [Symbol.asyncDispose]() {
      socket.destroy();
      taken?.destroy();
      server.close();
      await once(server, "close");
    },
  };
  socket.on("error", () => {});
  socket.on("data", (bytes: Buffer) => {
    client.got += bytes.toString("latin1");
  });
  return client;
}
