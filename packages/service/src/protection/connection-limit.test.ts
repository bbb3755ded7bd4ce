import assert from "node:assert/strict";
import { once } from "node:events";
import type { IncomingMessage } from "node:http";
import { Agent, request } from "node:https";
import { connect, type Socket } from "node:net";
import { test, type TestContext } from "node:test";
import { createMetricsRegistry } from "../metrics/metrics-registry.ts";
import type { AnyServer } from "../tap-server.ts";
import { limitConnections } from "./connection-limit.ts";
import { converse, openHttp2, startGatedServer, type Protocol } from "./testing/start-gated-server.ts";

const get = (path: string): string => `GET ${path} HTTP/1.1\r\nHost: a\r\n\r\n`;

async function start(t: TestContext, protocol: Protocol, maxConnections: number, reserve: number) {
  const registry = createMetricsRegistry();
  const isExempt = ({ path }: { path: string }): boolean => path === "/livez";
  const gated = await startGatedServer(
    t,
    (server) => limitConnections(server, { maxConnections, reserve, isExempt, registry }),
    { protocol },
  );
  return { ...gated, metrics: async () => (await registry.render()).body };
}

/** A connection that has been served once, so that the server is known to count it. */
async function keep(t: TestContext, port: number): Promise<Socket> {
  const socket = connect(port, "127.0.0.1").setEncoding("utf8");
  t.after(() => socket.destroy());
  socket.write(get("/livez"));
  await once(socket, "data");
  return socket;
}

test("beyond the limit a connection is told 503 and closed; the ones before it are served on", async (t) => {
  const { port, metrics, seen } = await start(t, "http", 1, 5);
  const kept = await keep(t, port);
  const answer = await converse(port, get("/new"));
  assert.match(answer, /^HTTP\/1.1 503 .*\r\nConnection: close\r\n.*too many connections/s);
  kept.write(get("/kept"));
  assert.match(String((await once(kept, "data"))[0]), /^HTTP\/1.1 200 /);
  assert.deepEqual(seen, ["/livez", "/kept"]);
  assert.match(await metrics(), /^connections_dropped_total\{how="answered"\} 1$/m);
});

test("a probe is answered on a connection beyond the limit", async (t) => {
  const { port } = await start(t, "http", 1, 5);
  await keep(t, port);
  const surplus = await keep(t, port);
  surplus.write(get("/x"));
  assert.match(String((await once(surplus, "data"))[0]), /^HTTP\/1.1 503 /);
});

test("a connection beyond the limit is served once there is room", async (t) => {
  const { port, server } = await start(t, "http", 1, 5);
  const [first, second] = [await keep(t, port), await keep(t, port)];
  first.destroy();
  while ((await connectionsOf(server)) > 1) await new Promise((resolve) => setImmediate(resolve));
  second.write(get("/x"));
  assert.match(String((await once(second, "data"))[0]), /^HTTP\/1.1 200 /);
});

test("beyond the reserve connections are closed unheard, and counted", async (t) => {
  const { port, metrics } = await start(t, "http", 1, 1);
  await keep(t, port);
  await keep(t, port);
  const socket = connect(port, "127.0.0.1");
  socket.on("error", () => undefined);
  await once(socket, "close");
  assert.match(await metrics(), /^connections_dropped_total\{how="closed"\} 1$/m);
});

test("on HTTP/2 the request is told 503 and its session gets GOAWAY", async (t) => {
  for (const [protocol, scheme] of [
    ["h2c", "http"],
    ["h2", "https"],
  ] as const) {
    const { port, seen } = await start(t, protocol, 1, 5);
    const origin = `${scheme}://127.0.0.1:${port}`;
    const status = async (path: string, session = openHttp2(t, origin)): Promise<number> => {
      const [headers] = await once(session.request({ ":path": path }).resume(), "response");
      return headers[":status"];
    };
    const kept = openHttp2(t, origin);
    assert.equal(await status("/first", kept), 200);
    const surplus = openHttp2(t, origin);
    const goaway = once(surplus, "goaway");
    assert.equal(await status("/second", surplus), 503);
    await goaway;
    assert.equal(await status("/third", kept), 200);
    assert.deepEqual(seen, ["/first", "/third"]);
  }
});

test("over TLS it is the same as without", async (t) => {
  const { port } = await start(t, "https", 1, 5);
  const agent = new Agent({ keepAlive: true, rejectUnauthorized: false });
  t.after(() => agent.destroy());
  const ask = async (): Promise<IncomingMessage> => {
    const [response] = await once(request({ port, host: "127.0.0.1", agent }).end(), "response");
    return response;
  };
  // The first answer is left unread, so that its connection is still taken.
  assert.equal((await ask()).statusCode, 200);
  assert.equal((await ask()).statusCode, 503);
});

function connectionsOf(server: AnyServer): Promise<number> {
  return new Promise<number>((resolve) => server.getConnections((_, count) => resolve(count)));
}
