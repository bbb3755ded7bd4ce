import assert from "node:assert/strict";
import { once } from "node:events";
import { duplexPair } from "node:stream";
import { test } from "node:test";
import { spdyClient } from "../testing/spdy-client.ts";
import { dataFrame, pingFrame, rstStreamFrame, synStreamFrame } from "./spdy-frames.ts";
import { SpdySession, type SpdyStream } from "./spdy-session.ts";

const mebibyte = 1024 * 1024;

/** A session, and its client. */
function startSession(onStream: (stream: SpdyStream) => void = () => {}) {
  const [near, far] = duplexPair();
  const session = new SpdySession(far, onStream);
  const client = spdyClient(near);
  return { ...client, session, open: (id: number) => client.open(id, new Map([["streamtype", "stdin"]])) };
}

test("a stream is accepted, carries bytes both ways, and ends each way on its own", async () => {
  const client = startSession((stream) => stream.pipe(stream));
  client.open(1);
  assert.equal((await client.next())?.type, "syn-reply");
  client.socket.write(dataFrame(1, Buffer.from("hello"), true));
  const echoed = await client.next();
  assert.ok(echoed?.type === "data");
  assert.equal(echoed.data.toString(), "hello");
  const end = await client.next();
  assert.ok(end?.type === "data" && end.isLast);
});

test("a ping of the client is answered", async () => {
  const client = startSession();
  client.socket.write(pingFrame(7));
  assert.deepEqual(await client.next(), { type: "ping", id: 7 });
});

test("a number that is even, or not higher than the last, opens no stream", async () => {
  let opened = 0;
  const client = startSession(() => (opened += 1));
  client.open(3);
  assert.equal((await client.next())?.type, "syn-reply");
  for (const id of [2, 1, 3]) {
    client.open(id);
    const answer = await client.next();
    assert.ok(answer?.type === "rst-stream");
    assert.equal(answer.streamId, id);
  }
  assert.equal(opened, 1);
});

test("data for a stream that was never opened is refused, and the session goes on", async () => {
  const client = startSession();
  client.socket.write(dataFrame(9, Buffer.from("x"), false));
  assert.deepEqual(await client.next(), { type: "rst-stream", streamId: 9, status: 2 });
  client.open(11);
  assert.equal((await client.next())?.type, "syn-reply");
});

test("a session with who speaks HTTP ends with the connection", async () => {
  const client = startSession();
  // The first bytes are the head of a very long frame of data: it is for no stream, and its end never comes.
  client.socket.end("GET / HTTP/1.1\r\nhost: x\r\n\r\n".repeat(3));
  await aborted(client.session.gone);
});

test("another version of SPDY is told to go away", async () => {
  const client = startSession();
  client.socket.write(Buffer.of(0x80, 2, 0, 1, 0, 0, 0, 10));
  assert.deepEqual(await client.next(), { type: "go-away", lastStreamId: 0, status: 1 });
});

test("a broken header block is told by GOAWAY", async () => {
  const client = startSession();
  client.socket.write(synStreamFrame(1, Buffer.from("no header block")));
  assert.deepEqual(await client.next(), { type: "go-away", lastStreamId: 0, status: 1 });
  assert.ok(client.session.gone.aborted);
});

test("a stream that nobody reads holds the connection up instead of filling the memory", async () => {
  const opened = Promise.withResolvers<SpdyStream>();
  const client = startSession((stream) => opened.resolve(stream));
  client.open(1);
  const stream = await opened.promise;
  let sent = 0;
  while (client.socket.write(dataFrame(1, Buffer.alloc(64 * 1024), false)) && sent < 64 * mebibyte)
    sent += 64 * 1024;
  const drained = once(client.socket, "drain");
  await once(stream, "readable");
  assert.ok(stream.readableLength < 2 * mebibyte, String(stream.readableLength));
  stream.resume();
  await drained;
});

test("a stream that the client resets, or leaves with its connection, is destroyed", async () => {
  const streams: SpdyStream[] = [];
  const client = startSession((stream) => streams.push(stream));
  client.open(1);
  client.open(3);
  await client.next();
  await client.next();
  const [first, second] = streams;
  const [closedFirst, closedSecond] = [closed(first!), closed(second!)];
  client.socket.write(rstStreamFrame(1, 5));
  await closedFirst;
  client.socket.destroy();
  await closedSecond;
  assert.ok(client.session.gone.aborted);
});

/** Resolves whether or not there is an error. */
function closed(stream: SpdyStream): Promise<void> {
  return new Promise((resolve) => stream.once("close", resolve));
}

async function aborted(signal: AbortSignal): Promise<void> {
  if (!signal.aborted) await once(signal, "abort");
}
