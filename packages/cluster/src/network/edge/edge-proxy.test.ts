import assert from "node:assert/strict";
import { once } from "node:events";
import { request as httpRequest, type RequestListener } from "node:http";
import { request as httpsRequest } from "node:https";
import { connect } from "node:net";
import { test } from "node:test";
import { webSlice } from "../testing/test-data-plane.ts";
import { fallback, startEdge } from "../testing/test-edge.ts";
import { envoyBehavior, nginxBehavior, traefikBehavior, type ProxyBehavior } from "./proxy-behavior.ts";

const hello: RequestListener = (_request, response) => {
  response.end("hello");
};
/** One worker makes the round robin over pods exact. */
const nginx: ProxyBehavior = { ...nginxBehavior, workers: 1 };
const envoy: ProxyBehavior = { ...envoyBehavior, workers: 1 };

test("requests take turns over pods, connections are kept, and headers are those of the proxy", async () => {
  const seenHeaders: Record<string, unknown>[] = [];
  await using edge = await startEdge(nginx, ["10.0.0.1", "10.0.0.2"], (request, response) => {
    seenHeaders.push({ ...request.headers, url: request.url });
    response.setHeader("Server", "pod");
    response.setHeader("Set-Cookie", ["a=1", "b=2"]);
    response.end("hello");
  });
  for (let count = 0; count < 10; count += 1) {
    const answer = await edge.send({
      path: "/a?b=c",
      headers: { "X-Forwarded-For": "6.6.6.6", "X-Request-ID": "me" },
    });
    assert.equal(answer.status, 200);
    assert.equal(answer.body, "hello");
    assert.equal(answer.headers.server, undefined);
    assert.equal(answer.headers["keep-alive"], undefined);
    assert.deepEqual(answer.headers["set-cookie"], ["a=1", "b=2"]);
  }
  assert.deepEqual(
    edge.pods.map((pod) => pod.seen),
    [
      { connections: 1, requests: 5 },
      { connections: 1, requests: 5 },
    ],
  );
  const { url, host, ...headers } = seenHeaders[0] ?? {};
  assert.equal(url, "/a?b=c");
  assert.equal(host, "shop.example");
  assert.equal(headers["x-forwarded-for"], "127.0.0.1");
  assert.equal(headers["x-real-ip"], "127.0.0.1");
  assert.equal(headers["x-request-id"], "me");
  assert.equal(headers["x-forwarded-host"], "shop.example");
  assert.equal(headers["x-forwarded-proto"], "http");
});

test("the edge goes to the endpoints' own ports: a headless Service by number, and a port number per slice", async () => {
  await using edge = await startEdge(nginx, ["10.0.0.1"], hello, { clusterIP: "None" });
  assert.equal((await edge.send({})).body, "hello");
  edge.slices.put({ ...webSlice("10.0.0.1"), ports: [{ name: "http", port: 9090, protocol: "TCP" }] });
  assert.equal((await edge.send({})).status, 502);
  assert.equal(edge.failures.at(-1)?.peer, "10.0.0.1:9090");
  edge.slices.put({ ...webSlice("10.0.0.1"), ports: [{ name: "metrics", port: 8080, protocol: "TCP" }] });
  assert.equal((await edge.send({})).status, 503, "no endpoint has the port that the Ingress names");
});

test("the edge takes the TCP port of a number that UDP has, too", async () => {
  const ports = [
    { name: "quic", port: 80, protocol: "UDP" },
    { name: "http", port: 80, protocol: "TCP" },
  ];
  await using edge = await startEdge(nginx, ["10.0.0.1"], hello, { ports });
  assert.equal((await edge.send({})).status, 200);
});

test("a body goes through in both directions, with and without a length", async () => {
  for (const behavior of [nginx, envoy]) {
    await using edge = await startEdge(behavior, ["10.0.0.1"], (request, response) => {
      request.pipe(response);
    });
    const body = "x".repeat(300_000);
    for (const headers of [{ "Content-Length": String(body.length) }, { "Transfer-Encoding": "chunked" }]) {
      const answer = await edge.send({ method: "PUT", headers, body });
      assert.equal(answer.body.length, body.length);
    }
  }
});

test("nginx: a dead pod costs no request that may be retried: GET and POST that was not sent", async () => {
  await using edge = await startEdge(nginx, ["10.0.0.1", "10.0.0.2"], hello);
  await edge.pods[0]?.die();
  for (let count = 0; count < 6; count += 1) {
    assert.equal((await edge.send({})).status, 200);
    assert.equal((await edge.send({ method: "POST", body: "order" })).status, 200);
  }
  assert.ok(edge.failures.length > 0);
  assert.ok(edge.failures.every((failure) => failure.retried && failure.peer === "10.0.0.1:8080"));
  assert.ok(
    edge.failures.every((failure) => failure.kind === "connect-failed" && failure.code === "ECONNREFUSED"),
  );
});

test("nginx: a pod that dies with requests in flight: POST is 502, GET is retried elsewhere", async () => {
  await using edge = await startEdge(nginx, ["10.0.0.1", "10.0.0.2"], (request, response) => {
    if (request.headers["x-hang"] === "first" && edge.hung === 0) edge.hang();
    else response.end("hello");
  });
  for (const [method, status] of [
    ["GET", 200],
    ["POST", 502],
  ] as const) {
    edge.hung = 0;
    const answered = edge.send({
      method,
      headers: { "X-Hang": "first" },
      ...(method === "POST" ? { body: "x" } : {}),
    });
    await edge.whenHung();
    for (const pod of edge.pods) pod.resetConnections();
    const answer = await answered;
    assert.equal(answer.status, status);
    if (status === 502) assert.match(answer.body, /<h1>502 Bad Gateway<\/h1><\/center>\r\n<hr><center>nginx/);
  }
  assert.deepEqual(
    edge.failures.map(({ kind, retried }) => [kind, retried]),
    [
      ["closed-before-headers", true],
      ["closed-before-headers", false],
    ],
  );
});

test("nginx: the failed pod is not left out, so with one dead pod of one the answer is 502 after three tries", async () => {
  await using edge = await startEdge(nginx, ["10.0.0.1"], hello);
  await edge.pods[0]?.die();
  assert.equal((await edge.send({})).status, 502);
  assert.deepEqual(
    edge.failures.map((failure) => failure.retried),
    [true, true, false],
  );
});

test("nginx: a black hole costs the connect timeout, then another pod answers, also a POST", async () => {
  const quick = { ...nginx, connectTimeoutMs: 40 };
  await using edge = await startEdge(quick, ["10.0.0.1", "10.0.0.2"], hello);
  edge.detach("10.0.0.1");
  const started = performance.now();
  for (let count = 0; count < 2; count += 1) {
    assert.equal((await edge.send({ method: "POST", body: "x" })).status, 200);
  }
  assert.ok(performance.now() - started >= 39);
  assert.ok(edge.failures.length > 0);
  for (const { peer, kind, code, retried } of edge.failures) {
    assert.deepEqual([peer, kind, code, retried], ["10.0.0.1:8080", "connect-timeout", "ETIMEDOUT", true]);
  }
  // Its kept connections go with its process, then its address goes.
  await edge.pods[1]?.die();
  edge.detach("10.0.0.2");
  await edge.settled();
  assert.equal((await edge.send({})).status, 504);
});

test("nginx: silence is 504 for a POST; no endpoints is 503; no rule is 404; a body over 1m is 413", async () => {
  await using edge = await startEdge({ ...nginx, readTimeoutMs: 40 }, ["10.0.0.1"], () => {});
  assert.equal((await edge.send({ method: "POST", body: "x" })).status, 504);
  assert.equal((await edge.send({ host: "other.example" })).status, 404);
  assert.equal((await edge.send({ method: "PUT", body: "x".repeat(1024 * 1024 + 1) })).status, 413);
  edge.setEndpoints();
  const answer = await edge.send({});
  assert.equal(answer.status, 503);
  assert.match(answer.body, /503 Service Temporarily Unavailable/);
});

test("envoy: nothing is retried; every failure before the headers is 503 with Envoy's words", async () => {
  await using edge = await startEdge(
    { ...envoy, connectTimeoutMs: 40 },
    ["10.0.0.1", "10.0.0.2", "10.0.0.3"],
    hello,
  );
  await edge.pods[0]?.die();
  edge.detach("10.0.0.2");
  const bodies = new Map<string, number>();
  for (let count = 0; count < 9; count += 1) {
    const { status, body, headers } = await edge.send({});
    assert.equal(headers.server, "envoy");
    const key = `${status} ${body}`;
    bodies.set(key, (bodies.get(key) ?? 0) + 1);
  }
  const prefix = "503 upstream connect error or disconnect/reset before headers. reset reason: ";
  assert.deepEqual(Object.fromEntries(bodies), {
    "200 hello": 3,
    [`${prefix}remote connection failure, transport failure reason: delayed connect error: Connection refused`]: 3,
    [`${prefix}connection timeout`]: 3,
  });
  edge.setEndpoints();
  assert.deepEqual(pick(await edge.send({})), [503, "no healthy upstream"]);
  assert.deepEqual(pick(await edge.send({ host: "other.example" })), [404, ""]);
});

test("envoy: a kept connection that the pod has closed is not used again", async () => {
  await using edge = await startEdge(envoy, ["10.0.0.1"], hello);
  assert.equal((await edge.send({})).status, 200);
  edge.pods[0]?.resetConnections();
  await edge.settled();
  assert.equal((await edge.send({ method: "POST", body: "x" })).status, 200);
  assert.deepEqual(edge.failures, []);
  assert.equal(edge.pods[0]?.seen.connections, 2);
});

test("envoy: an answer that takes too long is 504 upstream request timeout", async () => {
  await using edge = await startEdge({ ...envoy, answerTimeoutMs: 40 }, ["10.0.0.1"], () => {});
  assert.deepEqual(pick(await edge.send({})), [504, "upstream request timeout"]);
});

test("traefik: a refused connection is 502 Bad Gateway at once", async () => {
  await using edge = await startEdge(traefikBehavior, ["10.0.0.1"], hello);
  await edge.pods[0]?.die();
  assert.deepEqual(pick(await edge.send({})), [502, "Bad Gateway"]);
});

test("an idle upstream connection ends after the pool's idle time, whatever the pod hints", async () => {
  const closed = Promise.withResolvers<void>();
  const short = { ...nginx, pool: { ...nginx.pool, idleMs: 30 } };
  await using edge = await startEdge(short, ["10.0.0.1"], (request, response) => {
    request.socket.once("close", () => {
      closed.resolve();
    });
    response.setHeader("Keep-Alive", "timeout=500");
    response.end("hello");
  });
  await edge.send({});
  await closed.promise;
});

test("a client that goes away ends the request at the pod", async () => {
  const gone = Promise.withResolvers<void>();
  await using edge = await startEdge(nginx, ["10.0.0.1"], (_request, response) => {
    response.once("close", () => {
      gone.resolve();
    });
    edge.hang();
  });
  const client = httpRequest({ port: edge.port, headers: { Host: "shop.example" } });
  client.on("error", () => {});
  client.end();
  await edge.whenHung();
  client.destroy();
  await gone.promise;
  assert.deepEqual(edge.failures, []);
});

test("a streamed answer reaches the client as it is made, and a pod's death cuts it", async () => {
  await using edge = await startEdge(nginx, ["10.0.0.1"], (_request, response) => {
    response.write("one");
  });
  const client = httpRequest({ port: edge.port, headers: { Host: "shop.example" } });
  client.on("error", () => {});
  client.end();
  const [response] = await once(client, "response");
  const [chunk] = await once(response, "data");
  assert.equal(String(chunk), "one");
  await edge.pods[0]?.die();
  const [error] = await once(response, "error");
  assert.equal(error.code, "ECONNRESET");
});

test("an upgrade joins the client to the pod", async () => {
  await using edge = await startEdge(nginx, ["10.0.0.1"], hello);
  edge.pods[0]?.onUpgrade((request, socket) => {
    socket.write(
      `HTTP/1.1 101 Switching Protocols\r\nUpgrade: ${request.headers.upgrade}\r\nConnection: Upgrade\r\n\r\n`,
    );
    socket.pipe(socket);
  });
  const client = connect(edge.port, "127.0.0.1");
  client.write("GET /ws HTTP/1.1\r\nHost: shop.example\r\nConnection: Upgrade\r\nUpgrade: echo\r\n\r\n");
  const [head] = await once(client, "data");
  assert.match(String(head), /^HTTP\/1.1 101 [^]*Upgrade: echo/);
  client.end("ping");
  const [echoed] = await once(client, "data");
  assert.equal(String(echoed), "ping");
  await once(client, "close");
});

function pick({ status, body }: { status: number; body: string }): [number, string] {
  return [status, body];
}

test("in TLS the pod is told so, and a WebSocket goes through", async () => {
  await using edge = await startEdge(nginx, ["10.0.0.1"], (request, response) => {
    const { "x-forwarded-proto": proto, "x-forwarded-port": port } = request.headers;
    response.end(`${String(proto)} ${String(port)}`);
  });
  edge.pods[0]?.onUpgrade((_request, socket) => {
    socket.write("HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: echo\r\n\r\n");
    socket.pipe(socket);
  });
  const send = (headers: Record<string, string>) =>
    httpsRequest({
      port: edge.tlsPort,
      agent: false,
      ca: fallback.cert,
      servername: "localhost",
      headers: { Host: "shop.example", ...headers },
    }).end();
  const [response] = await once(send({}), "response");
  let text = "";
  for await (const chunk of response) text += String(chunk);
  assert.equal(text, `https ${edge.tlsPort}`);
  const [, socket] = await once(send({ Connection: "Upgrade", Upgrade: "echo" }), "upgrade");
  socket.write("ahoy");
  const [echo] = await once(socket, "data");
  assert.equal(String(echo), "ahoy");
  socket.destroy();
});
