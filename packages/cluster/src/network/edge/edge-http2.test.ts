import assert from "node:assert/strict";
import { once } from "node:events";
import { connect as connectHttp2, type ClientHttp2Session } from "node:http2";
import { test } from "node:test";
import { fallback, startEdge } from "../testing/test-edge.ts";
import { envoyBehavior, nginxBehavior, type ProxyBehavior } from "./proxy-behavior.ts";

const nginx: ProxyBehavior = { ...nginxBehavior, workers: 1 };

test("HTTP/2 is spoken where the client offers it: headers, cookies and bodies go through, and errors come as answers", async () => {
  await using edge = await startEdge(nginx, ["10.0.0.1"], (request, response) => {
    const { host, cookie, "x-forwarded-proto": proto } = request.headers;
    response.setHeader("Set-Cookie", ["a=1", "b=2"]);
    response.setHeader("Connection", "keep-alive");
    response.write(`${String(request.method)} ${request.url} ${host} ${cookie} ${String(proto)} `);
    request.pipe(response);
  });
  await using client = openHttp2(edge.tlsPort);
  const headers = { ":path": "/a?b=c", ":authority": "shop.example", cookie: ["x=1", "y=2"] };
  const got = await client.send(headers);
  assert.equal(got.body, "GET /a?b=c shop.example x=1; y=2 https ");
  assert.deepEqual(got.headers["set-cookie"], ["a=1", "b=2"]);
  assert.equal(got.headers.connection, undefined);
  const body = "y".repeat(300_000);
  const put = await client.send({ ...headers, ":method": "PUT" }, body);
  assert.equal(put.body.length, "PUT /a?b=c shop.example x=1; y=2 https ".length + body.length);
  const head = await client.send({ ...headers, ":method": "HEAD" });
  assert.deepEqual([head.status, head.body], [200, ""]);
  assert.equal((await client.send({ ...headers, ":authority": "other.example" })).status, 404);
  const tooLarge = await client.send({ ...headers, ":method": "PUT" }, "x".repeat(1024 * 1024 + 1));
  assert.equal(tooLarge.status, 413);
  edge.setEndpoints();
  assert.equal((await client.send(headers)).status, 503);
});

test("HTTP/2 without TLS is understood where the edge is one that does, beside HTTP/1.1", async () => {
  for (const behavior of [envoyBehavior, nginxBehavior]) {
    const one = { ...behavior, workers: 1 };
    await using edge = await startEdge(one, ["10.0.0.1"], ({ httpVersion, headers }, response) => {
      response.end(`${httpVersion} ${String(headers["x-forwarded-proto"])}`);
    });
    assert.equal((await edge.send({})).body, "1.1 http");
    const session = connectHttp2(`http://127.0.0.1:${edge.port}`);
    const failed = once(session, "error");
    failed.catch(() => {});
    const stream = session.request({ ":authority": "shop.example" });
    stream.on("error", () => {});
    if (behavior.takesH2c !== true) {
      await failed;
      continue;
    }
    const [answered] = await once(stream, "response");
    let text = "";
    for await (const chunk of stream) text += String(chunk);
    assert.deepEqual([answered[":status"], text], [200, "1.1 http"]);
    session.destroy();
  }
});

test("a pod that dies in the middle of an answer resets the stream, and other streams go on", async () => {
  await using edge = await startEdge(nginx, ["10.0.0.1"], (request, response) => {
    response.write("one");
    if (request.url === "/whole") response.end();
  });
  await using client = openHttp2(edge.tlsPort);
  const cut = client.session.request({ ":authority": "shop.example" });
  const failed = once(cut, "error");
  await once(cut, "data");
  await edge.pods[0]?.die();
  const [error] = await failed;
  assert.equal(error.code, "ERR_HTTP2_STREAM_ERROR");
  assert.equal((await client.send({ ":authority": "shop.example", ":path": "/whole" })).status, 502);
});

test("clients of HTTP/2 are told GOAWAY when the edge ends, and when they were idle for long", async () => {
  for (const isIdle of [true, false]) {
    const behavior = { ...nginx, ...(isIdle ? { clientIdleMs: 30 } : {}) };
    await using edge = await startEdge(behavior, ["10.0.0.1"], (_request, response) => response.end("hello"));
    await using client = openHttp2(edge.tlsPort);
    const told = once(client.session, "goaway");
    if (!isIdle) assert.equal((await client.send({ ":authority": "shop.example" })).body, "hello");
    if (!isIdle) await edge[Symbol.asyncDispose]();
    const [code] = await told;
    assert.equal(code, 0);
  }
});

test("an answer that the client does not take is not read from the pod either", async () => {
  let written = 0;
  await using edge = await startEdge(nginx, ["10.0.0.1"], (_request, response) => {
    const more = () => {
      while (response.write(Buffer.alloc(65_536))) written += 65_536;
      response.once("drain", more);
    };
    more();
  });
  await using client = openHttp2(edge.tlsPort);
  const stream = client.session.request({ ":authority": "shop.example" });
  stream.on("error", () => {});
  await once(stream, "response");
  let before = -1;
  // It comes to a stand when all buffers on the way are full.
  while (written !== before) {
    before = written;
    await edge.settled();
  }
  assert.ok(written < 32 * 1024 * 1024, String(written));
  stream.close();
});

/** A client that speaks HTTP/2 over TLS. */
function openHttp2(port: number) {
  const session: ClientHttp2Session = connectHttp2(`https://localhost:${port}`, { ca: fallback.cert });
  session.on("error", () => {});
  return {
    session,
    async send(headers: Record<string, string | string[]>, body?: string) {
      const stream = session.request(headers, { endStream: body === undefined });
      if (body !== undefined) stream.end(body);
      const [answered] = await once(stream, "response");
      let text = "";
      for await (const chunk of stream) text += String(chunk);
      return { status: answered[":status"] as number, headers: answered, body: text };
    },
    async [Symbol.asyncDispose]() {
      session.destroy();
    },
  };
}
