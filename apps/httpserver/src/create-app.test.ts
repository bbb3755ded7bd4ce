import assert from "node:assert/strict";
import { subscribe, unsubscribe } from "node:diagnostics_channel";
import { once } from "node:events";
import { request as send, type IncomingMessage } from "node:http";
import { test, type TestContext } from "node:test";
import { Validator } from "@seriousme/openapi-schema-validator";
import type { FastifyInstance, HTTPMethods } from "fastify";
import { documentPath } from "./openapi/document.ts";
import { exampleApp, listen } from "./testing/example-app.ts";

test("/openapi.json is a valid document", async (t) => {
  const answer = await exampleApp(t).inject("/openapi.json");
  const { valid, errors } = await new Validator().validate(answer.json<Record<string, unknown>>());
  assert.deepEqual(errors, undefined);
  assert.equal(valid, true);
});

test("the document has every route, and no other", async (t) => {
  const { app, routes } = routesOf(t, () => exampleApp(t));
  const { paths } = (await app.inject("/openapi.json")).json<{ paths: Record<string, object> }>();
  const documented = Object.entries(paths).flatMap(([path, methods]) =>
    Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
  );
  assert.ok(documented.length > 30);
  const isHeadOfGet = ({ method, url }: Route): boolean =>
    method === "HEAD" && routes.some((route) => route.url === url && route.method === "GET");
  const registered = routes
    .filter((route) => !isHeadOfGet(route) || documented.includes(`HEAD ${documentPath(route.url)}`))
    .map(({ method, url }) => `${method} ${documentPath(url)}`);
  assert.deepEqual(documented.sort(), registered.sort());
});

test("every path refuses the methods that it has not, and OPTIONS tells which it has", async (t) => {
  const { app, routes } = routesOf(t, () => exampleApp(t, { admin: true }));
  await app.ready();
  const byUrl = Map.groupBy(routes, ({ url }) => url);
  byUrl.delete("/");
  byUrl.delete("/*");
  for (const [url, itsRoutes] of byUrl) {
    const own: string[] = itsRoutes.map(({ method }) => method);
    const allow = [...own, "OPTIONS"].sort();
    const path = url.replace(/:\w+/, "1");
    for (const method of ["GET", "POST", "PUT", "PATCH", "DELETE"] as const) {
      if (own.includes(method)) continue;
      const answer = await app.inject({ method, url: `${path}?x=1` });
      assert.equal(answer.statusCode, 405, `${method} ${url}`);
      assert.deepEqual(String(answer.headers.allow).split(", ").sort(), allow);
    }
    const options = await app.inject({ method: "OPTIONS", url: path });
    assert.equal(options.statusCode, 204);
    assert.deepEqual(String(options.headers.allow).split(", ").sort(), allow);
  }
});

test("a method that no path takes has a 405 that tells those which it takes", async (t) => {
  const origin = await listen(exampleApp(t));
  for (const [path, allow] of [
    ["/version?x", "GET, HEAD, OPTIONS"],
    ["/any", "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS"],
  ] as const)
    for (const method of ["TRACE", "PROPFIND", "M-SEARCH"]) {
      const request = send(`${origin}${path}`, { method, agent: false }).end();
      const [answer] = (await once(request, "response")) as [IncomingMessage];
      answer.resume();
      assert.deepEqual([answer.statusCode, answer.headers.allow], [405, allow]);
    }
});

test("every answer says who gave it, and repeats the load generator's token", async (t) => {
  const app = exampleApp(t);
  const headers = { "x-seaworthy-token": "t-1", version: "mine", "x-pod-name": "mine" };
  for (const url of [
    "/",
    "/any/path",
    "/version",
    "/status/503",
    "/delay/0",
    "/delay/x",
    "/faults",
    "/%zz",
    "/openapi",
  ]) {
    const answer = await app.inject({ url, headers });
    assert.equal(answer.headers["version"], "7", url);
    assert.equal(answer.headers["x-pod-name"], "pod-a", url);
    if (url !== "/%zz") assert.equal(answer.headers["x-seaworthy-echo"], "t-1", url);
  }
});

test("errors have one shape and their own status", async (t) => {
  const app = exampleApp(t);
  const cases = [
    ["GET", "/%zz", 400],
    ["GET", "/delay/61", 400],
    ["GET", "/faults", 404],
    ["DELETE", "/version", 405],
    ["POST", "/store", 503],
    ["GET", "/cache/a", 503],
    ["POST", "/token", 503],
  ] as const;
  for (const [method, url, status] of cases) {
    const answer = await app.inject({ method, url });
    assert.equal(answer.statusCode, status, url);
    const { error } = answer.json<{ error: { code: string; message: string } }>();
    assert.deepEqual([typeof error.code, typeof error.message], ["string", "string"], url);
  }
});

test("what nobody foresaw has a 500 that tells nothing, and is logged", async (t) => {
  const logged: object[] = [];
  const app = exampleApp(t, {
    errorLog: { error: (fields) => logged.push(fields) },
    requestsTotal() {
      throw new Error("the secret is hunter2");
    },
  });
  const answer = await app.inject("/info");
  assert.equal(answer.statusCode, 500);
  assert.ok(!answer.body.includes("hunter2"));
  assert.equal(logged.length, 1);
});

test("a body over 1 MiB has a 413, announced or in chunks, and the connection's next answer is the next's", async (t) => {
  const origin = await listen(exampleApp(t));
  for (const headers of [{ "content-length": String(1024 * 1024 + 1) }, { "transfer-encoding": "chunked" }]) {
    const request = send(`${origin}/any`, { method: "POST", headers, agent: false });
    request.end(Buffer.alloc(1024 * 1024 + 1));
    const [answer] = (await once(request, "response")) as [IncomingMessage];
    assert.equal(answer.statusCode, 413);
    answer.resume();
    await once(answer, "end");
  }
  const exact = await fetch(`${origin}/any`, { method: "PUT", body: Buffer.alloc(1024 * 1024) });
  assert.equal((await exact.bytes()).length, 1024 * 1024);
});

test("a body far over the limit is refused without being read", async (t) => {
  const origin = await listen(exampleApp(t));
  const request = send(`${origin}/any`, {
    method: "POST",
    headers: { "content-length": String(2 ** 40) },
    agent: false,
  });
  request.flushHeaders();
  const [answer] = (await once(request, "response")) as [IncomingMessage];
  assert.equal(answer.statusCode, 413);
  request.on("error", () => undefined).destroy();
});

interface Route {
  readonly method: HTTPMethods;
  readonly url: string;
}

/** Every route that is registered while the application is made, seen from outside of it. */
function routesOf(
  t: TestContext,
  make: () => FastifyInstance,
): { app: FastifyInstance; routes: readonly Route[] } {
  const routes: Route[] = [];
  const onMessage = (message: unknown): void => {
    const { fastify } = message as { fastify: FastifyInstance };
    fastify.addHook("onRoute", ({ method, url }) => {
      for (const one of [method].flat()) routes.push({ method: one, url });
    });
  };
  subscribe("fastify.initialization", onMessage);
  t.after(() => unsubscribe("fastify.initialization", onMessage));
  return { app: make(), routes };
}
