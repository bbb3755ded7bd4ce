import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer, type AddressInfo, type Socket } from "node:net";
import { test, type TestContext } from "node:test";
import * as fc from "fast-check";
import { createCache } from "../cache.ts";
import { exampleApp } from "../testing/example-app.ts";
import { noRedisServer, startRedisServer } from "../testing/redis-server.ts";

function appWithCache(t: TestContext, url: string, logged: string[] = []) {
  const told = (_fields: object, msg: string) => void logged.push(msg);
  const cache = createCache(url, { info: told, warn: told });
  t.after(() => cache[Symbol.dispose]());
  return exampleApp(t, { cache });
}

test("a value is kept, given back, and forgotten", { skip: noRedisServer }, async (t) => {
  const { url } = await startRedisServer(t);
  const app = appWithCache(t, url);
  assert.equal((await app.inject("/cache/a")).statusCode, 404);
  const payload = Buffer.from([0, 255, 13, 10]);
  const headers = { "content-type": "a/b" };
  assert.equal((await app.inject({ method: "PUT", url: "/cache/a", headers, payload })).statusCode, 204);
  const answer = await app.inject("/cache/a");
  assert.deepEqual(answer.rawPayload, payload);
  assert.equal(answer.headers["x-content-type-options"], "nosniff");
  assert.equal((await app.inject({ method: "DELETE", url: "/cache/a" })).statusCode, 204);
  assert.equal((await app.inject({ method: "DELETE", url: "/cache/a" })).statusCode, 404);
});

test("a value is forgotten when its time is over", { skip: noRedisServer }, async (t) => {
  const { url } = await startRedisServer(t);
  const app = appWithCache(t, url);
  await app.inject({ method: "PUT", url: "/cache/a?ttl=1", payload: "x" });
  assert.equal((await app.inject("/cache/a")).body, "x");
  let status = 200;
  while (status === 200) status = (await app.inject("/cache/a")).statusCode;
  assert.equal(status, 404);
});

test("any key and any value within the limits comes back", { skip: noRedisServer }, async (t) => {
  const { url } = await startRedisServer(t);
  const app = appWithCache(t, url);
  // A URL cannot end in a key of dots, however they are written: https://url.spec.whatwg.org/#double-dot-path-segment
  const key = fc
    .string({ unit: "grapheme", minLength: 1, maxLength: 60 })
    .filter((key) => key.isWellFormed() && key !== "." && key !== "..");
  await fc.assert(
    fc.asyncProperty(key, fc.uint8Array(), async (key, bytes) => {
      const url = `/cache/${encodeURIComponent(key)}`;
      const payload = Buffer.from(bytes);
      const headers = { "content-type": "a/b" };
      assert.equal((await app.inject({ method: "PUT", url, headers, payload })).statusCode, 204);
      assert.deepEqual((await app.inject(url)).rawPayload, payload);
    }),
  );
});

test(
  "while the server is away every call fails at once; when it is back, so is the cache",
  { skip: noRedisServer },
  async (t) => {
    const logged: string[] = [];
    const server = await startRedisServer(t);
    const app = appWithCache(t, server.url, logged);
    assert.equal((await app.inject({ method: "PUT", url: "/cache/a", payload: "x" })).statusCode, 204);
    await server.stop();
    for (let index = 0; index < 20; index++) {
      const answer = await app.inject("/cache/a");
      assert.equal(answer.statusCode, 503);
      assert.equal(answer.json<{ error: { code: string } }>().error.code, "cache_away");
    }
    await startRedisServer(t, Number(new URL(server.url).port));
    let status = 503;
    while (status === 503) {
      status = (await app.inject("/cache/a")).statusCode;
      await new Promise((resolve) => setImmediate(resolve));
    }
    assert.equal(status, 404);
    assert.deepEqual(logged, ["the cache is away", "the cache is back"]);
  },
);

test("a server that stops answering keeps nobody waiting for ever", { skip: noRedisServer }, async (t) => {
  const server = await startRedisServer(t);
  const app = appWithCache(t, server.url);
  assert.equal((await app.inject("/cache/a")).statusCode, 404);
  server.freeze();
  assert.equal((await app.inject("/cache/a")).statusCode, 503);
  server.resume();
  assert.equal((await app.inject("/cache/a")).statusCode, 404);
});

test("a cache that nobody serves has a 503, and the service goes on", async (t) => {
  const logged: string[] = [];
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  const app = appWithCache(t, `redis://127.0.0.1:${port}`, logged);
  assert.equal((await app.inject("/cache/a")).statusCode, 503);
  assert.equal((await app.inject("/any")).statusCode, 200);
  assert.deepEqual(logged, ["the cache is away"]);
});

test("a server that never answers keeps nobody waiting for long", async (t) => {
  const sockets: Socket[] = [];
  const server = createServer((socket) => sockets.push(socket)).listen(0, "127.0.0.1");
  t.after(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  await once(server, "listening");
  const app = appWithCache(t, `redis://127.0.0.1:${(server.address() as AddressInfo).port}`);
  assert.equal((await app.inject("/cache/a")).statusCode, 503);
});

for (const [what, url] of [
  ["an empty key", "/cache/"],
  ["a key over 512 bytes", `/cache/${"ä".repeat(257)}`],
  ["a time of 0 seconds", "/cache/a?ttl=0"],
  ["a time over 30 days", "/cache/a?ttl=2592001"],
  ["a time that is no number", "/cache/a?ttl=1h"],
  ["two times", "/cache/a?ttl=1&ttl=2"],
] as const) {
  test(`${what} is refused`, async (t) => {
    const cache = { get: fail, set: fail, delete: fail, [Symbol.dispose]: () => undefined };
    assert.equal(
      (await exampleApp(t, { cache }).inject({ method: "PUT", url: encodeURI(url), payload: "x" }))
        .statusCode,
      400,
    );
  });
}

function fail(): never {
  throw new assert.AssertionError({ message: "the cache was asked" });
}
