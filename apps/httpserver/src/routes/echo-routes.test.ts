import assert from "node:assert/strict";
import { once } from "node:events";
import { get, request as send, type IncomingMessage } from "node:http";
import { test } from "node:test";
import * as fc from "fast-check";
import { parseConfiguredRoutes } from "../settings/configured-routes.ts";
import { exampleApp, listen } from "../testing/example-app.ts";

test("any path answers with the request's headers, and with its body where there is one", async (t) => {
  const app = exampleApp(t);
  const got = await app.inject({ url: "/any/path?a=1", headers: { "x-one": "1", cookie: "c=1" } });
  assert.equal(got.body, "GET /any/path?a=1\n");
  assert.equal(got.headers["x-one"], "1");
  assert.equal(got.headers["cookie"], undefined);
  for (const method of ["POST", "PUT", "PATCH"] as const) {
    const answer = await app.inject({
      method,
      url: "/",
      headers: { "content-type": "text/x" },
      payload: "body",
    });
    assert.equal(answer.body, "body");
    assert.equal(answer.headers["content-type"], "text/x");
  }
  assert.equal((await app.inject({ method: "DELETE", url: "/x" })).body, "DELETE /x\n");
  assert.equal((await app.inject({ method: "HEAD", url: "/x" })).body, "");
});

test("a header's bytes come back as they are, also beyond ASCII", async (t) => {
  const origin = await listen(exampleApp(t));
  for (const method of ["GET", "POST"]) {
    const request = send(origin, {
      method,
      headers: { "x-one": "\xe9\xff", "x-two": "2" },
      agent: false,
    }).end();
    const [answer] = (await once(request, "response")) as [IncomingMessage];
    answer.resume();
    assert.deepEqual([answer.headers["x-one"], answer.headers["x-two"]], ["\xe9\xff", "2"]);
  }
});

test("bodies come back byte by byte, whatever they are", async (t) => {
  const app = exampleApp(t);
  await fc.assert(
    fc.asyncProperty(fc.uint8Array({ maxLength: 2_000 }), async (bytes) => {
      const payload = Buffer.from(bytes);
      const answer = await app.inject({
        method: "POST",
        url: "/",
        headers: { "content-type": "a/b" },
        payload,
      });
      assert.deepEqual(answer.rawPayload, payload);
    }),
  );
});

test("a page that was sent here cannot act as a page from here", async (t) => {
  const headers = { "content-type": "text/html" };
  const answer = await exampleApp(t).inject({
    method: "POST",
    url: "/",
    headers,
    payload: "<script>1</script>",
  });
  assert.equal(answer.headers["content-security-policy"], "sandbox");
  assert.equal(answer.headers["x-content-type-options"], "nosniff");
});

test("configured routes answer in write-up E's words, and change with the configuration", async (t) => {
  let routes = parseConfiguredRoutes({ "/route1": "route1's content" });
  const app = exampleApp(t, { configuredRoutes: () => routes });
  assert.equal((await app.inject("/route1?x=1")).body, "Hello, You are at /route1, Got: route1's content");
  assert.equal((await app.inject("/route2")).body, "GET /route2\n");
  routes = parseConfiguredRoutes({ "/route2": "two" });
  assert.equal((await app.inject("/route1")).body, "GET /route1\n");
  assert.equal((await app.inject("/route2")).body, "Hello, You are at /route2, Got: two");
});

test("a target may be a whole URL", async (t) => {
  const origin = await listen(
    exampleApp(t, { configuredRoutes: () => parseConfiguredRoutes({ "/route1": "one" }) }),
  );
  const request = get(origin, { path: "http://example.test/route1?x=1", agent: false });
  const [answer] = (await once(request, "response")) as [IncomingMessage];
  assert.equal((await answer.setEncoding("utf8").toArray()).join(""), "Hello, You are at /route1, Got: one");
});

test("a whole URL takes to every route", async (t) => {
  const origin = await listen(exampleApp(t));
  const request = get(origin, { path: "http://example.test/version", agent: false });
  const [answer] = (await once(request, "response")) as [IncomingMessage];
  assert.deepEqual(JSON.parse((await answer.setEncoding("utf8").toArray()).join("")), {
    version: "7",
    revision: "abc",
  });
});

test("with UNMATCHED=404 a path that is in no configuration is not found", async (t) => {
  const configuredRoutes = () => parseConfiguredRoutes({ "/route1": "one" });
  const app = exampleApp(t, { unmatched: "404", configuredRoutes });
  assert.equal((await app.inject("/route1")).statusCode, 200);
  const answer = await app.inject("/route2");
  assert.equal(answer.statusCode, 404);
  assert.equal(answer.json<{ error: { code: string } }>().error.code, "not_found");
  assert.equal((await app.inject({ method: "POST", url: "/route1", payload: "x" })).statusCode, 404);
});

test("only a client that asks for HTML gets the front page", async (t) => {
  const app = exampleApp(t, { podName: "pod-<a>" });
  const browser = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8";
  const page = await app.inject({ url: "/", headers: { accept: browser } });
  assert.equal(page.headers["content-type"], "text/html; charset=utf-8");
  assert.match(page.body, /<dd id="version">7<\/dd>/);
  assert.match(page.body, /pod-&#60;a&#62;/);
  assert.match(
    String(page.headers["content-security-policy"]),
    /script-src 'sha256-.{43}='; style-src 'sha256-.{43}='/,
  );
  assert.equal((await app.inject({ url: "/", headers: { accept: "*/*" } })).body, "GET /\n");
  assert.equal((await app.inject({ url: "/other", headers: { accept: browser } })).body, "GET /other\n");
});
