import assert from "node:assert/strict";
import { once } from "node:events";
import { request as tlsRequest } from "node:https";
import { connect } from "node:net";
import { test, type TestContext } from "node:test";
import { createMetricsRegistry } from "../metrics/metrics-registry.ts";
import {
  converse,
  openHttp2,
  startGatedServer,
  type Protocol,
} from "../protection/testing/start-gated-server.ts";
import { createFaults, type Faults, type FaultsOptions } from "./faults.ts";

type Rules = FaultsOptions["rules"] & {};

async function start(t: TestContext, options: Partial<FaultsOptions>, protocol: Protocol = "http") {
  const registry = createMetricsRegistry();
  const logged: string[] = [];
  const note = (_: object, message: string) => void logged.push(message);
  const faults = createFaults({
    isExempt: ({ path }) => path === "/livez" || path === "/metrics",
    log: { debug: note, info: note, warn: note, error: note },
    registry,
    ...options,
  });
  const gated = await startGatedServer(t, () => faults.gate, { protocol });
  const metrics = async (): Promise<string> => (await registry.render()).body;
  return { ...gated, faults, metrics, logged, origin: `http://127.0.0.1:${gated.port}` };
}

async function statuses(origin: string, paths: readonly string[]): Promise<number[]> {
  const answers: number[] = [];
  for (const path of paths) {
    const response = await fetch(origin + path);
    await response.text();
    answers.push(response.status);
  }
  return answers;
}

/** Resolves once as many requests wait as given. */
async function waiting(faults: Faults, count: number): Promise<void> {
  while (faults.status().waiting !== count) await new Promise((resolve) => setImmediate(resolve));
}

test("an error is answered as problem details, marked as a fault, and counted; the application does not see it", async (t) => {
  const { origin, seen, metrics, ended } = await start(t, {
    rules: [{ errorPercent: 100, errorStatuses: [503] }],
  });
  const response = await fetch(`${origin}/a`, { method: "POST", body: "some" });
  assert.equal(response.status, 503);
  assert.equal(response.headers.get("x-seaworthy-fault"), "error");
  assert.equal(response.headers.get("content-type"), "application/problem+json");
  assert.deepEqual(await response.json(), { title: "a fault was injected", status: 503 });
  assert.deepEqual(seen, []);
  assert.match(await metrics(), /^faults_injected_total\{kind="error"\} 1$/m);
  assert.equal(ended[0]?.errorType, "InjectedFault");
});

test("probes and metrics are spared, other paths by their rule, and a path without a rule not touched", async (t) => {
  const rules: Rules = [
    { path: "/a", errorPercent: 100, errorStatuses: [500] },
    { path: "/api/*", errorPercent: 100, errorStatuses: [429] },
  ];
  const { origin } = await start(t, { rules });
  assert.deepEqual(await statuses(origin, ["/a?x=1", "/api/b", "/b"]), [500, 429, 200]);
  const everything = await start(t, { rules: [{ abortPercent: 100 }], allowEnvoyHeaders: true });
  assert.deepEqual(await statuses(everything.origin, ["/livez", "/metrics"]), [200, 200]);
});

test("a delayed request proceeds afterwards, and is counted", async (t) => {
  const { origin, faults, seen, metrics } = await start(t, { rules: [{ delay: 30 }] });
  const sent = performance.now();
  const answer = fetch(origin);
  await waiting(faults, 1);
  assert.deepEqual(seen, []);
  assert.equal(await (await answer).text(), "ok");
  assert.ok(performance.now() - sent >= 29);
  assert.equal(faults.status().waiting, 0);
  assert.match(await metrics(), /^faults_injected_total\{kind="delay"\} 1$/m);
});

test("a client that leaves while it waits ends the wait, and the application never sees it", async (t) => {
  const { port, faults, seen } = await start(t, { rules: [{ path: "/slow", delay: 50 }] });
  const socket = connect(port, "127.0.0.1");
  // The second waits in line behind the first, without a socket of its own.
  const request = "GET /slow HTTP/1.1\r\nHost: a\r\n\r\n";
  socket.write(request + request);
  await waiting(faults, 2);
  socket.destroy();
  await waiting(faults, 0);
  assert.deepEqual(seen, []);
});

test("a delayed request still completes after the server has stopped listening", async (t) => {
  const { origin, faults, server } = await start(t, { rules: [{ delay: 30 }] });
  const answer = fetch(origin);
  await waiting(faults, 1);
  server.close();
  assert.equal((await answer).status, 200);
});

test("beyond the most waiting requests nobody is delayed, and that is counted", async (t) => {
  const { port, faults, origin, metrics } = await start(t, { rules: [{ delay: 60_000 }], maxWaiting: 1 });
  const held = connect(port, "127.0.0.1");
  held.write("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
  await waiting(faults, 1);
  assert.deepEqual(await statuses(origin, ["/"]), [200]);
  assert.match(await metrics(), /^faults_delays_skipped_total 1$/m);
  held.destroy();
  await waiting(faults, 0);
});

test("an abort resets an HTTP/1.1 connection", async (t) => {
  const { port, metrics, seen } = await start(t, { rules: [{ abortPercent: 100 }] });
  assert.equal(await converse(port, "GET / HTTP/1.1\r\nHost: a\r\n\r\n"), "ECONNRESET");
  assert.deepEqual(seen, []);
  assert.match(await metrics(), /^faults_injected_total\{kind="abort"\} 1$/m);
});

test("an abort ends a TLS connection without an answer", async (t) => {
  const { port } = await start(t, { rules: [{ abortPercent: 100 }] }, "https");
  const request = tlsRequest({ port, host: "127.0.0.1", rejectUnauthorized: false }).end();
  const [error] = (await once(request, "error")) as [NodeJS.ErrnoException];
  assert.equal(error.code, "ECONNRESET");
});

test("on HTTP/2 an abort resets its stream only; an error is answered", async (t) => {
  const rules: Rules = [
    { path: "/abort", abortPercent: 100 },
    { path: "/error", errorPercent: 100 },
  ];
  const { origin } = await start(t, { rules }, "h2c");
  const session = openHttp2(t, origin);
  const aborted = session.request({ ":path": "/abort" });
  await once(aborted, "error");
  assert.equal(aborted.rstCode, 2);
  const failed = session.request({ ":path": "/error" }).resume();
  const [headers] = await once(failed, "response");
  assert.equal(headers["x-seaworthy-fault"], "error");
  const fine = session.request({ ":path": "/fine" }).resume();
  assert.equal((await once(fine, "response"))[0][":status"], 200);
});

test("the same seed and order give the same faults, whatever other paths are asked for in between", async (t) => {
  const rules: Rules = [
    { path: "/a", errorPercent: 50 },
    { path: "/b", errorPercent: 50 },
  ];
  const asked = Array.from({ length: 20 }, () => "/a");
  const first = await start(t, { rules, seed: 5 });
  const answers = await statuses(first.origin, asked);
  assert.ok(new Set(answers).size > 1, String(answers));
  const second = await start(t, { rules, seed: 5 });
  const mixed = await statuses(
    second.origin,
    asked.flatMap((path) => [path, "/b"]),
  );
  assert.deepEqual(
    mixed.filter((_, index) => index % 2 === 0),
    answers,
  );
  assert.notDeepEqual(
    mixed.filter((_, index) => index % 2 === 1),
    answers,
    "rules that are the same do not strike together",
  );
  const other = await start(t, { rules, seed: 6 });
  assert.notDeepEqual(await statuses(other.origin, asked), answers);
});

test("faults go on and off and change at run time; rules that cannot be leave the old ones", async (t) => {
  const { origin, faults, logged } = await start(t, {
    rules: [{ errorPercent: 100, errorStatuses: [500] }],
    enabled: false,
  });
  assert.deepEqual(await statuses(origin, ["/"]), [200]);
  faults.enable();
  assert.deepEqual(await statuses(origin, ["/"]), [500]);
  faults.set([{ errorPercent: 100, errorStatuses: [429] }]);
  assert.deepEqual(await statuses(origin, ["/"]), [429]);
  assert.throws(() => faults.set([{ errorPercent: 101 }]), /errorPercent/);
  assert.deepEqual(await statuses(origin, ["/"]), [429]);
  faults.disable();
  assert.deepEqual(await statuses(origin, ["/"]), [200]);
  assert.deepEqual(logged, ["faults are on", "faults are on", "faults are off"]);
  assert.equal(faults.status().enabled, false);
});

test("enable begins the sequence anew", async (t) => {
  const { origin, faults } = await start(t, { rules: [{ errorPercent: 50 }], seed: 9 });
  const asked = Array.from({ length: 12 }, () => "/");
  const answers = await statuses(origin, asked);
  faults.enable();
  assert.deepEqual(await statuses(origin, asked), answers);
});

test("Envoy's headers are obeyed only when allowed, and go before the rules", async (t) => {
  const headers = { "x-envoy-fault-abort-request": "418" };
  const closed = await start(t, {});
  assert.equal((await fetch(closed.origin, { headers })).status, 200);
  const open = await start(t, { allowEnvoyHeaders: true, rules: [{ errorPercent: 100 }] });
  assert.equal((await fetch(open.origin, { headers })).status, 418);
  const empty = await fetch(open.origin, { headers: { "x-envoy-fault-abort-request": "204" } });
  assert.deepEqual([empty.status, await empty.text(), empty.headers.get("content-length")], [204, "", null]);
  open.faults.disable();
  assert.equal((await fetch(open.origin, { headers })).status, 200);
});
