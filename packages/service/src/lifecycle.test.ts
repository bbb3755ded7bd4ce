import assert from "node:assert/strict";
import { EventEmitter, once } from "node:events";
import { Agent, createServer, get, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { connect, type AddressInfo } from "node:net";
import { test } from "node:test";
import { createLifecycle, type Lifecycle, type LifecycleOptions } from "./lifecycle.ts";

type Handler = (request: IncomingMessage, response: ServerResponse) => void;

async function start(options: LifecycleOptions, handler: Handler = (_, response) => response.end("ok")) {
  const signals = new EventEmitter();
  const exited = Promise.withResolvers<number>();
  const lifecycle = createLifecycle({
    drainMs: 100,
    quietMs: 20,
    graceMs: 3_000,
    ...options,
    signals,
    log: () => undefined,
    exit: exited.resolve,
  });
  const server: Server = createServer(handler);
  lifecycle.attach(server);
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  lifecycle.setReady(true);
  return { signals, exited: exited.promise, lifecycle, server, port: (server.address() as AddressInfo).port };
}

async function ask(
  port: number,
  agent: Agent | false = false,
): Promise<{ status: number; connection: string; body: string }> {
  const [response] = (await once(get({ port, agent, host: "127.0.0.1" }), "response")) as [IncomingMessage];
  const body = (await response.setEncoding("utf8").toArray()).join("");
  return { status: response.statusCode ?? 0, connection: response.headers.connection ?? "", body };
}

test("it is ready only between setReady and the signal", async () => {
  const lifecycle: Lifecycle = createLifecycle({
    signals: new EventEmitter(),
    log: () => undefined,
    drainMs: 0,
    quietMs: 0,
  });
  assert.deepEqual([lifecycle.phase, lifecycle.isReady], ["starting", false]);
  lifecycle.setReady(true);
  assert.deepEqual([lifecycle.phase, lifecycle.isReady], ["serving", true]);
  lifecycle.setReady(false);
  assert.deepEqual([lifecycle.phase, lifecycle.isReady], ["serving", false]);
  lifecycle.setReady(true);
  const ended = lifecycle.shutdown("test");
  assert.deepEqual([lifecycle.phase, lifecycle.isReady], ["draining", false]);
  await ended;
  assert.equal(lifecycle.phase, "stopped");
});

test("readiness can be kept through the drain", async () => {
  const { signals, lifecycle, exited } = await start({ readinessOnDrain: "keep" });
  signals.emit("SIGTERM");
  assert.deepEqual([lifecycle.phase, lifecycle.isReady], ["draining", true]);
  assert.equal(await exited, 0);
});

test("during the drain it serves new and old connections, says close to each, and then exits 0", async (t) => {
  const { signals, exited, port, server } = await start({});
  const agent = new Agent({ keepAlive: true });
  t.after(() => agent.destroy());
  assert.equal((await ask(port, agent)).connection, "keep-alive");
  signals.emit("SIGTERM");
  signals.emit("SIGTERM"); // As `killall` in a loop sends it.
  assert.deepEqual(await ask(port, agent), { status: 200, connection: "close", body: "ok" });
  assert.deepEqual(await ask(port), { status: 200, connection: "close", body: "ok" });
  assert.equal(await exited, 0);
  assert.equal(server.listening, false);
});

test("a request in flight at the signal is answered in full, with close", async () => {
  const held = Promise.withResolvers<ServerResponse>();
  const { signals, exited, port, lifecycle } = await start({}, (_, response) => held.resolve(response));
  const answer = ask(port, new Agent({ keepAlive: true }));
  const response = await held.promise;
  signals.emit("SIGTERM");
  while (lifecycle.phase === "draining") await new Promise((resolve) => setImmediate(resolve));
  response.end("late");
  assert.deepEqual(await answer, { status: 200, connection: "close", body: "late" });
  assert.equal(await exited, 0);
});

test("an answer that was streaming at the signal ends whole, and its connection after it", async (t) => {
  const held = Promise.withResolvers<ServerResponse>();
  const { signals, exited, port, lifecycle } = await start({}, (_, response) => {
    response.write("first ");
    held.resolve(response);
  });
  const agent = new Agent({ keepAlive: true });
  t.after(() => agent.destroy());
  const answer = ask(port, agent);
  const response = await held.promise;
  signals.emit("SIGTERM");
  while (lifecycle.phase === "draining") await new Promise((resolve) => setImmediate(resolve));
  response.end("last");
  assert.equal((await answer).body, "first last");
  assert.equal(await exited, 0);
});

test("connections that never send a byte do not hold the exit", async () => {
  const { signals, exited, port, server } = await start({});
  const socket = connect(port, "127.0.0.1");
  await once(server, "connection");
  signals.emit("SIGTERM");
  assert.equal(await exited, 0);
  socket.destroy();
});

test("a request that never ends is cut at the deadline, and the exit code says so", async () => {
  const { signals, exited, port, server } = await start({ graceMs: 300 }, () => undefined);
  const answer = ask(port).catch((error: NodeJS.ErrnoException) => error.code);
  await once(server, "request");
  signals.emit("SIGTERM");
  assert.equal(await exited, 1);
  assert.equal(await answer, "ECONNRESET");
});

test("new connections without end cannot hold the drain for ever", async () => {
  const { signals, exited, port, server } = await start({ drainMs: 10, quietMs: 10_000, graceMs: 400 });
  await ask(port);
  signals.emit("SIGTERM");
  assert.equal(await exited, 0);
  assert.equal(server.listening, false);
});

test("close hooks run last added first, after the last request; one that fails shows in the exit code", async () => {
  const order: string[] = [];
  const { signals, exited, lifecycle } = await start({});
  lifecycle.onClose(() => void order.push(`first ${lifecycle.phase}`));
  lifecycle.onClose(async () => {
    order.push("second");
    throw new Error("database is gone");
  });
  signals.emit("SIGTERM");
  assert.equal(await exited, 1);
  assert.deepEqual(order, ["second", "first closing"]);
});

test("a second SIGINT exits at once", async () => {
  const { signals, exited } = await start({ drainMs: 200 });
  signals.emit("SIGINT");
  signals.emit("SIGINT");
  assert.equal(await exited, 130);
});
