import assert from "node:assert/strict";
import { once } from "node:events";
import { test, type TestContext } from "node:test";
import type { Gate } from "../exchange.ts";
import { createMetricsRegistry } from "../metrics/metrics-registry.ts";
import { seededRandom } from "../faults/random.ts";
import { createLoadShedding, type LoadSheddingOptions } from "./load-shedding.ts";
import { converse, openHttp2, startGatedServer, type Protocol } from "./testing/start-gated-server.ts";

/** A server whose delay, active requests and clock are the test's. */
async function start(t: TestContext, options: Partial<LoadSheddingOptions>, protocol: Protocol = "http") {
  const registry = createMetricsRegistry();
  const logged: string[] = [];
  const note = (_: object, message: string) => void logged.push(message);
  const load = { delayMs: 0, active: 0, nowMs: 0 };
  const gate = createLoadShedding({
    delayP99Ms: () => load.delayMs,
    activeRequests: () => load.active,
    isExempt: ({ path }) => path === "/livez",
    log: { debug: note, info: note, warn: note, error: note },
    registry,
    random: seededRandom(1),
    ...options,
  });
  const atTime: Gate = (exchange, proceed) => gate(Object.assign(exchange, { startMs: load.nowMs }), proceed);
  const gated = await startGatedServer(t, () => atTime, { protocol });
  const origin = `http://127.0.0.1:${gated.port}`;
  const ask = async (path = "/"): Promise<Response> => {
    const response = await fetch(origin + path);
    await response.text();
    return response;
  };
  /** The share of requests that are shed at the load as it is. */
  const shareShed = async (count = 100): Promise<number> => {
    const answers = await Promise.all(Array.from({ length: count }, () => ask()));
    return answers.filter(({ status }) => status === 503).length / count;
  };
  const share = async (): Promise<number> =>
    Number(/^requests_shed_ratio (.*)$/m.exec((await registry.render()).body)?.[1]);
  return { ...gated, load, ask, shareShed, share, logged, registry, origin };
}

test("nothing is shed without limits, however late the loop and however many the requests", async (t) => {
  const { load, shareShed } = await start(t, {});
  Object.assign(load, { delayMs: 10_000, active: 10_000 });
  assert.equal(await shareShed(20), 0);
});

test("a late loop sheds a share that rises step by step, never everything, and falls when it is calm", async (t) => {
  const { load, ask, share, shareShed, logged } = await start(t, { shedAboveDelayMs: 50 });
  const stepAt = async (delayMs: number): Promise<number> => {
    load.nowMs += 500;
    load.delayMs = delayMs;
    await ask("/livez");
    return Math.round((await share()) * 100);
  };
  assert.equal(await stepAt(50), 0);
  assert.equal(await stepAt(51), 10);
  assert.equal(await stepAt(51), 20);
  load.nowMs += 499;
  await ask();
  assert.equal(Math.round((await share()) * 100), 20, "before its time there is no step");
  assert.equal(await stepAt(45), 20, "between calm and late it stays");
  for (let count = 0; count < 20; count += 1) await stepAt(500);
  assert.equal(await share(), 0.9);
  const shed = await shareShed(200);
  assert.ok(shed > 0.8 && shed < 0.97, String(shed));
  assert.equal(await stepAt(39), 85);
  load.nowMs += 3_000;
  assert.equal(await stepAt(39), 50, "time without requests counts as well");
  for (let count = 0; count < 10; count += 1) await stepAt(0);
  assert.equal(await share(), 0);
  assert.deepEqual(logged, ["shedding requests: the event loop is late", "no longer shedding requests"]);
});

test("whoever is shed is told when to come back, on another connection; the application does not see it", async (t) => {
  const { load, ask, port, seen, registry } = await start(t, { maxActiveRequests: 5 });
  load.active = 6;
  const answer = await converse(port, "GET / HTTP/1.1\r\nHost: a\r\n\r\n");
  assert.match(answer, /^HTTP\/1.1 503 .*\r\nConnection: close\r\n/s);
  const waits = new Set<string | null>();
  for (let count = 0; count < 30; count += 1) waits.add((await ask()).headers.get("retry-after"));
  assert.deepEqual([...waits].toSorted(), ["1", "2", "3"]);
  assert.deepEqual(seen, []);
  assert.match((await registry.render()).body, /^requests_shed_total\{reason="active_requests"\} 31$/m);
  load.active = 5;
  assert.equal((await ask()).status, 200);
});

test("a client that is shed while it sends a large body reads the 503", async (t) => {
  const { load, port } = await start(t, { maxActiveRequests: 1 });
  load.active = 2;
  const body = "x".repeat(4_000_000);
  const head = `POST / HTTP/1.1\r\nHost: a\r\nContent-Length: ${body.length}\r\n\r\n`;
  assert.match(await converse(port, head + body), /^HTTP\/1.1 503 .*\}\n$/s);
});

test("probes are answered under any load", async (t) => {
  const { load, ask } = await start(t, { maxActiveRequests: 1, shedAboveDelayMs: 1 });
  Object.assign(load, { active: 100, delayMs: 100 });
  for (let count = 0; count < 20; count += 1) {
    load.nowMs += 500;
    assert.equal((await ask("/livez")).status, 200);
  }
});

test("on HTTP/2 the stream is answered and the session stays", async (t) => {
  const { load, origin } = await start(t, { maxActiveRequests: 1 }, "h2c");
  const session = openHttp2(t, origin);
  const ask = async (): Promise<number> =>
    (await once(session.request({ ":method": "POST" }).end("x").resume(), "response"))[0][":status"];
  load.active = 2;
  assert.equal(await ask(), 503);
  load.active = 1;
  assert.equal(await ask(), 200);
});
