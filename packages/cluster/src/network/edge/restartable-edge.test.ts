import assert from "node:assert/strict";
import { once } from "node:events";
import { connect as connectHttp2 } from "node:http2";
import { connect, type Socket } from "node:net";
import { test } from "node:test";
import { startEdge } from "../testing/test-edge.ts";
import { envoyBehavior, nginxBehavior, cloudBehavior, type ProxyBehavior } from "./proxy-behavior.ts";

const question = "GET / HTTP/1.1\r\nHost: shop.example\r\n\r\n";

/** A client that keeps its connection. */
function keptClient(port: number) {
  const socket: Socket = connect(port, "127.0.0.1");
  socket.setEncoding("latin1");
  socket.on("error", () => {});
  const { promise: closed, resolve } = Promise.withResolvers<string>();
  socket.once("close", () => resolve("closed"));
  return {
    socket,
    closed,
    /** The answer, or `closed`. */
    async ask(): Promise<string> {
      const { promise: answer, resolve: take } = Promise.withResolvers<string>();
      socket.once("data", take);
      socket.write(question);
      return await Promise.race([answer, closed]);
    },
  };
}

/** What a pod is to wait for before it answers, and a way to hear of the request. */
function createGate() {
  const [opened, reached] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  return { open: opened.resolve, opened: opened.promise, reach: reached.resolve, reached: reached.promise };
}

/** Before a pod that answers at once, except where there is a gate. */
function edgeOf(behavior: ProxyBehavior, pod: { gate?: ReturnType<typeof createGate> } = {}) {
  return startEdge(behavior, ["10.0.0.1"], (_request, response) => {
    pod.gate?.reach();
    void (pod.gate?.opened ?? Promise.resolve()).then(() => response.end("ok"));
  });
}

/** How new connections fare until the view has forgotten the old process. */
async function newConnections(port: number, restart: Promise<unknown>): Promise<string[]> {
  const fates: string[] = [];
  let isOver = false;
  void restart.then(() => (isOver = true));
  while (!isOver && fates.length < 5_000) {
    const client = keptClient(port);
    fates.push(await client.ask());
    client.socket.destroy();
  }
  return fates;
}

test("nginx closes what is idle at once, takes no more, and answers what it has begun", async () => {
  const pod: Parameters<typeof edgeOf>[1] = {};
  await using edge = await edgeOf(nginxBehavior, pod);
  const idle = keptClient(edge.port);
  assert.match(await idle.ask(), /^HTTP\/1.1 200 OK\r\n.*connection: keep-alive/is);
  const gate = createGate();
  pod.gate = gate;
  const busy = keptClient(edge.port);
  const answer = busy.ask();
  await gate.reached;

  const restart = edge.restart!(10_000);
  await idle.closed;
  gate.open();
  assert.match(await answer, /^HTTP\/1.1 200 OK\r\n.*connection: close/is);
  const fates = await newConnections(edge.port, restart);
  const told = await restart;
  assert.deepEqual([told.open, told.closed, told.cut, told.left], [2, 1, 0, 0]);
  const refused = fates.filter((fate) => fate === "closed").length;
  assert.ok(refused > 0 && refused === told.refused, `${refused} of ${fates.length}, told ${told.refused}`);
  assert.ok(refused < fates.length, "the new process takes its share from the first moment on");
});

test("Envoy takes all until nobody has any for it, and says that it closes", async () => {
  await using edge = await edgeOf(envoyBehavior);
  const kept = keptClient(edge.port);
  assert.match(await kept.ask(), /connection: keep-alive/i);
  const restart = edge.restart!(10_000);
  assert.match(await kept.ask(), /connection: close/i);
  await kept.closed;
  const fates = await newConnections(edge.port, restart);
  assert.ok(fates.every((fate) => fate.startsWith("HTTP/1.1 200")));
  assert.ok(fates.some((fate) => /connection: close/i.test(fate)));
  assert.deepEqual(await restart, { open: 1, closed: 0, refused: 0, cut: 0, left: 0 });
});

test("a session of HTTP/2 hears GOAWAY, and its request is answered", async () => {
  const gate = createGate();
  await using edge = await edgeOf(nginxBehavior, { gate });
  const session = connectHttp2(`https://127.0.0.1:${edge.tlsPort}`, { rejectUnauthorized: false });
  const stream = session.request({ ":path": "/", ":authority": "shop.example" });
  const answered = once(stream, "response");
  await gate.reached;
  const goaway = once(session, "goaway");
  const restart = edge.restart!(10_000);
  await goaway;
  gate.open();
  const [headers] = await answered;
  assert.equal(headers[":status"], 200);
  stream.resume();
  await once(session, "close");
  assert.equal((await restart).left, 0);
});

test("what takes longer than the edge drains is cut", async () => {
  const gate = createGate();
  const ending = { servesOn: false, drainMs: 50 };
  await using edge = await edgeOf({ ...nginxBehavior, ending }, { gate });
  const busy = keptClient(edge.port);
  const answer = busy.ask();
  await gate.reached;
  const { cut } = await edge.restart!(10_000);
  assert.equal(cut, 1);
  assert.equal(await answer, "closed");
});

test("it can be restarted again, and nobody restarts a cloud's", async () => {
  await using edge = await edgeOf(nginxBehavior);
  for (const _ of [1, 2]) assert.equal((await edge.restart!(10_000)).left, 0);
  const client = keptClient(edge.port);
  assert.match(await client.ask(), /200 OK/);
  client.socket.destroy();
  await using cloud = await edgeOf(cloudBehavior);
  assert.equal(cloud.restart, undefined);
});
