import assert from "node:assert/strict";
import { once } from "node:events";
import { connect as connectHttp2, createServer as createHttp2Server } from "node:http2";
import { createServer as createHttpsServer } from "node:https";
import { connect, type AddressInfo, type Server } from "node:net";
import { test, type TestContext } from "node:test";
import { selfSigned } from "@seaworthy/certificates";
import { fallback, startEdge } from "../testing/test-edge.ts";
import { envoyBehavior, type ProxyBehavior } from "./proxy-behavior.ts";

const envoy: ProxyBehavior = { ...envoyBehavior, workers: 1 };

test("a cookie brings a client back to its pod, and to another one when that is gone", async () => {
  const affinity = { cookie: "pod", attributes: "; Path=/" };
  const pods = ["10.0.0.1", "10.0.0.2", "10.0.0.3"];
  await using edge = await startEdge(
    envoy,
    pods,
    (_request, response) => response.end("ok"),
    {},
    { affinity },
  );
  const first = await edge.send({});
  const [set = ""] = first.headers["set-cookie"] ?? [];
  assert.match(set, /^pod=[0-9a-f]{32}; Path=\/$/);
  const Cookie = set.split(";")[0] ?? "";
  for (let count = 0; count < 5; count += 1)
    assert.equal((await edge.send({ headers: { Cookie } })).headers["set-cookie"], undefined);
  const counts = edge.pods.map(({ seen }) => seen.requests);
  assert.deepEqual(counts.toSorted(), [0, 0, 6]);
  const own = counts.indexOf(6);
  edge.setEndpoints(...pods.filter((_, index) => index !== own));
  const moved = await edge.send({ headers: { Cookie } });
  assert.equal(moved.status, 200);
  assert.notEqual(moved.headers["set-cookie"]?.[0], set);
});

test("a WebSocket comes back to its pod, too, with the headers that the route sets", async () => {
  const affinity = { cookie: "pod", attributes: "" };
  const more = { affinity, rewriteHost: "pod.example" };
  const ips = ["10.0.0.1", "10.0.0.2", "10.0.0.3"];
  await using edge = await startEdge(envoy, ips, (_request, response) => response.end("ok"), {}, more);
  const [set = ""] = (await edge.send({})).headers["set-cookie"] ?? [];
  const own = edge.pods.find(({ seen }) => seen.requests === 1);
  own?.onUpgrade((request, socket) => {
    socket.end(`HTTP/1.1 101 Switching Protocols\r\nX-Host: ${request.headers.host}\r\n\r\n`);
  });
  for (let count = 0; count < 3; count += 1) {
    const client = connect(edge.port, "127.0.0.1");
    client.write(
      `GET / HTTP/1.1\r\nHost: shop.example\r\nCookie: ${set}\r\nConnection: Upgrade\r\nUpgrade: echo\r\n\r\n`,
    );
    const [head] = await once(client, "data");
    assert.match(String(head), /101 Switching Protocols\r\nX-Host: pod.example/);
    client.destroy();
  }
});

test("a mirror gets a copy of what has no body to wait for, and nobody hears its answer", async () => {
  const mirrors = [{ share: 1, backend: { namespace: "default", service: "web", port: 80, weight: 1 } }];
  const got: string[] = [];
  const both = Promise.withResolvers<void>();
  await using edge = await startEdge(
    envoy,
    ["10.0.0.1", "10.0.0.2"],
    (request, response) => {
      got.push(request.url ?? "");
      if (got.length === 2) both.resolve();
      response.end("ok");
    },
    {},
    { mirrors },
  );
  assert.equal((await edge.send({ path: "/a" })).body, "ok");
  await both.promise;
  assert.deepEqual(got, ["/a", "/a"]);
});

test("headers are changed on both ways", async () => {
  await using edge = await startEdge(
    envoy,
    ["10.0.0.1"],
    (request, response) => {
      response.setHeader("X-Pod", "a");
      response.end(
        `${request.headers.host} ${String(request.headers["x-set"])} ${String(request.headers["x-gone"])}`,
      );
    },
    {},
    {
      rewriteHost: "pod.example",
      requestHeaders: { set: [["X-Set", "edge"]], remove: ["x-gone"] },
      responseHeaders: () => ({ set: [["X-Pod", "hidden"]], add: [["X-More", "1"]] }),
    },
  );
  const answer = await edge.send({ headers: { "x-set": "client", "X-Gone": "here" } });
  assert.equal(answer.body, "pod.example edge undefined");
  assert.deepEqual([answer.headers["x-pod"], answer.headers["x-more"]], ["hidden", "1"]);
});

test("pods are spoken to in TLS where they ask for it, and their certificates are not looked at", async (context) => {
  const port = await listening(
    context,
    createHttpsServer(selfSigned(), (request, response) => response.end(`tls ${request.url}`)),
  );
  await using edge = await startEdge(envoy, [], assert.fail, {}, { protocol: "https" });
  edge.attach("10.0.0.1", () => dial(port));
  edge.setEndpoints("10.0.0.1");
  assert.equal((await edge.send({ path: "/a" })).body, "tls /a");
});

test("gRPC goes through in HTTP/2 on both sides, with its trailers, and a pod that is gone is told as such", async (context) => {
  const pod = createHttp2Server();
  pod.on("stream", (stream, headers) => {
    stream.respond(
      { ":status": 200, "content-type": "application/grpc", "x-path": headers[":path"], "x-te": headers.te },
      { waitForTrailers: true },
    );
    stream.on("wantTrailers", () => stream.sendTrailers({ "grpc-status": "5", "grpc-message": "none" }));
    stream.pipe(stream);
  });
  const port = await listening(context, pod);
  await using edge = await startEdge(envoy, [], assert.fail, {}, { protocol: "h2c" });
  edge.attach("10.0.0.1", () => dial(port));
  edge.setEndpoints("10.0.0.1");
  const client = connectHttp2(`https://localhost:${edge.tlsPort}`, { ca: fallback.cert });
  context.after(() => client.destroy());
  for (let count = 0; count < 3; count += 1) {
    const call = client.request({
      ":method": "POST",
      ":path": "/greet.v1/Hello",
      ":authority": "shop.example",
      "content-type": "application/grpc",
      te: "trailers",
    });
    const trailers = once(call, "trailers");
    call.end("question");
    const [answered] = await once(call, "response");
    assert.deepEqual([answered["x-path"], answered["x-te"]], ["/greet.v1/Hello", "trailers"]);
    let text = "";
    for await (const chunk of call) text += String(chunk);
    const [told] = await trailers;
    assert.deepEqual([text, told["grpc-status"], told["grpc-message"]], ["question", "5", "none"]);
  }
  edge.setEndpoints("10.0.0.9");
  const lost = client.request({ ":method": "POST", ":authority": "shop.example" });
  lost.end();
  const [answered] = await once(lost, "response");
  assert.equal(answered[":status"], 503);
});

async function listening(context: TestContext, server: Server): Promise<number> {
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  context.after(() => server.close());
  return (server.address() as AddressInfo).port;
}

async function dial(port: number) {
  const socket = connect(port, "127.0.0.1");
  await once(socket, "connect");
  return socket;
}
