import assert from "node:assert/strict";
import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { request } from "node:http";
import { connect } from "node:net";
import { createInterface } from "node:readline";
import { test, type TestContext } from "node:test";
import { freePort } from "../../testing/free-port.ts";
import { standInCommand, type StandInConfig } from "./stand-in.ts";

test("listens after its time to start, and answers POST with its own body", async (context) => {
  const startedAt = performance.now();
  const { port, said } = await start(context, { startMs: 300 });
  await assert.rejects(ask(port), { code: "ECONNREFUSED" });
  await said(/listening/);
  assert.ok(performance.now() - startedAt >= 300);
  assert.deepEqual(await ask(port, "order 7"), { status: 200, body: "order 7", connection: "keep-alive" });
});

test("a drain serves on with Connection: close and ends by the clock, also while requests come", async (context) => {
  const { child, port, said } = await start(context, { onTerm: "drain", drainMs: 300 });
  await said(/listening/);
  const ended = once(child, "exit");
  const startedAt = performance.now();
  child.kill("SIGTERM");
  await said(/SIGTERM/);
  let served = 0;
  for (;;) {
    const answer = await ask(port).catch((error: NodeJS.ErrnoException) => error);
    if (answer instanceof Error) break;
    assert.deepEqual([answer.status, answer.connection], [200, "close"]);
    served += 1;
  }
  assert.ok(served > 0);
  assert.deepEqual(await ended, [0, null]);
  const tookMs = performance.now() - startedAt;
  assert.ok(tookMs >= 250 && tookMs < 5_000, `${tookMs} ms`);
});

test("a drain of nothing ends at once, exit ends at once, ignore does not end", async (context) => {
  for (const behavior of [{ onTerm: "drain", drainMs: 0 }, { onTerm: "exit" }] as const) {
    const { child, said } = await start(context, behavior);
    await said(/listening/);
    child.kill("SIGTERM");
    assert.deepEqual(await once(child, "exit"), [0, null]);
  }
  const { child, port, said } = await start(context, { onTerm: "ignore" });
  await said(/listening/);
  child.kill("SIGTERM");
  await said(/SIGTERM/);
  assert.equal((await ask(port)).status, 200);
});

test("a port that does not speak HTTP takes connections and ends them at the first byte", async (context) => {
  const { port, said } = await start(context, {}, "nothing");
  await said(/listening/);
  const socket = connect(port, "127.0.0.1");
  await once(socket, "connect");
  socket.write("GET / HTTP/1.1\r\n\r\n");
  const chunks: unknown[] = [];
  socket.on("data", (chunk) => chunks.push(chunk)).on("error", () => {});
  await once(socket, "close");
  assert.deepEqual(chunks, []);
});

test("answers 500 at its broken paths, whatever the method and the query, and well elsewhere", async (context) => {
  const { port, said } = await start(context, { brokenPaths: ["/", "/orders"] });
  await said(/listening/);
  const statuses = ["/", "/?page=2", "/orders", "/orders/7", "/healthz"].map(async (path) => {
    const [got, posted] = [await ask(port, undefined, path), await ask(port, "order 7", path)];
    assert.equal(got.status, posted.status);
    return got.status;
  });
  assert.deepEqual(await Promise.all(statuses), [500, 500, 500, 200, 200]);
});

async function start(
  context: TestContext,
  behavior: Partial<StandInConfig>,
  speaks: "http" | "nothing" = "http",
) {
  const port = await freePort();
  const [command = "", ...args] = standInCommand({
    ports: [{ port, speaks }],
    podName: "pod-1",
    onTerm: "exit",
    drainMs: 0,
    startMs: 0,
    brokenPaths: [],
    ...behavior,
  });
  const child: ChildProcess = spawn(command, args, { stdio: ["ignore", "pipe", "inherit"] });
  context.after(() => child.kill("SIGKILL"));
  const lines: string[] = [];
  const output = createInterface({ input: child.stdout! }).on("line", (line) => lines.push(line));
  return {
    child,
    port,
    async said(pattern: RegExp) {
      while (!lines.some((line) => pattern.test(line))) await once(output, "line");
    },
  };
}

async function ask(port: number, body?: string, path = "/") {
  const sent = request({
    port,
    host: "127.0.0.1",
    path,
    agent: false,
    method: body === undefined ? "GET" : "POST",
  });
  sent.setHeader("connection", "keep-alive");
  sent.end(body);
  const [response] = await once(sent, "response");
  let text = "";
  for await (const chunk of response) text += String(chunk);
  sent.destroy();
  return {
    status: response.statusCode as number,
    body: text,
    connection: response.headers.connection as string,
  };
}
