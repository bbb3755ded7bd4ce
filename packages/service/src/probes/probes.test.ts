import assert from "node:assert/strict";
import { once } from "node:events";
import type { Http2Server } from "node:http2";
import { connect } from "node:net";
import { test, type TestContext } from "node:test";
import { createMetricsRegistry } from "../metrics/metrics-registry.ts";
import { openHttp2, startGatedServer, type Protocol } from "../protection/testing/start-gated-server.ts";
import { createChecks } from "./checks.ts";
import { createProbes, type ProbesParts, type ProbeState } from "./probes.ts";

const silent = () => undefined;

async function start(
  t: TestContext,
  { paths = {}, protocol = "http" }: Partial<Pick<ProbesParts, "paths">> & { protocol?: Protocol } = {},
) {
  const state: { -readonly [K in keyof ProbeState]: ProbeState[K] } = {
    phase: "ready",
    isReady: true,
    isStarted: true,
  };
  const log = { debug: silent, info: silent, warn: silent, error: silent };
  const checks = createChecks({ log, registry: createMetricsRegistry() });
  const probes = createProbes({ state, checks, paths });
  const gated = await startGatedServer(t, () => (exchange) => probes.answer(exchange), { protocol });
  const ask = (path: string, method = "GET"): Promise<Response> =>
    fetch(`http://127.0.0.1:${gated.port}${path}`, { method });
  const tell = async (path: string): Promise<[number, string]> => {
    const response = await ask(path);
    return [response.status, await response.text()];
  };
  return { ...gated, state, checks, probes, ask, tell };
}

test("each probe through the life", async (t) => {
  const { state, tell } = await start(t);
  const statuses = async (): Promise<number[]> => {
    const asked = ["/livez", "/healthz", "/readyz", "/startupz"].map(async (path) => (await tell(path))[0]);
    return Promise.all(asked);
  };
  Object.assign(state, { phase: "starting", isReady: false, isStarted: false });
  assert.deepEqual(await statuses(), [200, 200, 503, 503]);
  Object.assign(state, { phase: "ready", isReady: true, isStarted: true });
  assert.deepEqual(await statuses(), [200, 200, 200, 200]);
  Object.assign(state, { phase: "draining", isReady: false });
  assert.deepEqual(await statuses(), [200, 200, 503, 200]);
  assert.deepEqual(await tell("/readyz"), [503, "[-]lifecycle failed: draining\nreadyz check failed\n"]);
  state.isReady = true;
  assert.deepEqual(await statuses(), [200, 200, 200, 200], "readiness may be kept while draining");
});

test("an answer is ok as text, with its length, and stored by nobody", async (t) => {
  const { ask } = await start(t);
  const response = await ask("/livez");
  assert.equal(await response.text(), "ok\n");
  assert.equal(response.headers.get("content-type"), "text/plain; charset=utf-8");
  assert.equal(response.headers.get("content-length"), "3");
  assert.equal(response.headers.get("cache-control"), "no-store");
});

test("HEAD has no body, and other methods are not allowed, over HTTP/1.1 and HTTP/2", async (t) => {
  const { ask, state } = await start(t);
  const head = await ask("/readyz", "HEAD");
  assert.deepEqual([head.status, head.headers.get("content-length"), await head.text()], [200, "3", ""]);
  const post = await ask("/readyz", "POST");
  assert.deepEqual([post.status, post.headers.get("allow")], [405, "GET, HEAD"]);
  state.isReady = false;
  assert.equal((await ask("/readyz", "HEAD")).status, 503);

  const { port, server } = await start(t, { protocol: "h2c" });
  const errors: Error[] = [];
  (server as Http2Server).on("stream", (stream) => stream.on("error", (error) => errors.push(error)));
  const session = openHttp2(t, `http://127.0.0.1:${port}`);
  for (const [method, status, body] of [
    ["HEAD", 200, ""],
    ["GET", 200, "ok\n"],
    ["DELETE", 405, ""],
  ]) {
    const stream = session.request({ ":path": "/livez", ":method": method }).setEncoding("utf8");
    assert.equal((await once(stream, "response"))[0][":status"], status);
    assert.equal((await stream.toArray()).join(""), body);
  }
  assert.deepEqual(errors, []);
});

test("checks decide with the life cycle; verbose shows each, and why only to the log", async (t) => {
  const { checks, tell, state } = await start(t);
  checks.add({ name: "cache", kind: "readiness", check: () => undefined });
  checks.add({
    name: "database",
    kind: "readiness",
    check: () => Promise.reject(new Error("user root at db:5432")),
  });
  checks.add({ name: "threads", kind: "liveness", check: () => undefined });
  assert.deepEqual(await tell("/livez?verbose"), [200, "[+]threads ok\nlivez check passed\n"]);
  assert.deepEqual(await tell("/healthz"), [200, "ok\n"]);
  const failed = "[+]lifecycle ok\n[+]cache ok\n[-]database failed: reason withheld\nreadyz check failed\n";
  assert.deepEqual(await tell("/readyz"), [503, failed]);
  assert.deepEqual(await tell("/readyz?exclude=database"), [200, "ok\n"]);
  assert.deepEqual(await tell("/readyz?verbose&exclude=database&exclude=%0A%5B%2B%5Dx"), [
    200,
    "[+]lifecycle ok\n[+]cache ok\n[+]database excluded: ok\nreadyz check passed\n",
  ]);
  Object.assign(state, { isReady: false, phase: "starting" });
  assert.deepEqual(await tell("/readyz"), [503, "[-]lifecycle failed: starting\nreadyz check failed\n"]);
});

test("a service that is not ready by itself asks none of its checks", async (t) => {
  const { checks, tell, state } = await start(t);
  let runs = 0;
  checks.add({ name: "database", kind: "readiness", check: () => void (runs += 1) });
  state.isReady = false;
  await tell("/readyz");
  assert.equal(runs, 0);
  assert.match((await tell("/readyz?verbose"))[1], /^\[\+\]database ok$/m);
  assert.equal(runs, 1);
});

test("a failing liveness check fails livez and healthz only", async (t) => {
  const { checks, tell } = await start(t);
  checks.add({
    name: "threads",
    kind: "liveness",
    check: () => {
      throw new Error("stuck");
    },
  });
  assert.deepEqual(await tell("/livez"), [503, "[-]threads failed: reason withheld\nlivez check failed\n"]);
  assert.deepEqual(await tell("/readyz"), [200, "ok\n"]);
});

test("a probe that leaves before its checks have ended does no harm", async (t) => {
  const { checks, port, ended, tell } = await start(t);
  const gate = Promise.withResolvers<void>();
  const begun = Promise.withResolvers<void>();
  checks.add({
    name: "slow",
    kind: "readiness",
    check: () => {
      begun.resolve();
      return gate.promise;
    },
  });
  const socket = connect(port, "127.0.0.1");
  socket.write("GET /readyz HTTP/1.1\r\nHost: a\r\n\r\n");
  await begun.promise;
  socket.destroy();
  while (ended.length === 0) await new Promise((resolve) => setImmediate(resolve));
  gate.resolve();
  assert.deepEqual(await tell("/readyz"), [200, "ok\n"]);
});

test("paths can be others, and other paths are left alone", async (t) => {
  const { tell, probes, seen } = await start(t, { paths: { livez: "/internal/live" } });
  assert.deepEqual(await tell("/internal/live"), [200, "ok\n"]);
  assert.equal(probes.isProbe("/livez"), false);
  assert.equal(probes.isProbe("/readyz"), true);
  await tell("/livez");
  assert.deepEqual(seen, ["/livez"]);
});
