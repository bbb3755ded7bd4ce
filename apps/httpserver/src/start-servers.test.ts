import assert from "node:assert/strict";
import { once } from "node:events";
import http, { type IncomingMessage } from "node:http";
import { connect, type ClientHttp2Session } from "node:http2";
import https from "node:https";
import { connect as connectTcp, createServer, type AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { test } from "node:test";
import { setTimeout } from "node:timers/promises";
import { WebSocket } from "ws";
import { createKubeletVolume } from "../../../packages/service/src/config/testing/kubelet-volume.ts";
import { selfSigned } from "@seaworthy/certificates";
import { createTlsVolume } from "./testing/tls-volume.ts";
import { runServerProcess, startServerProcess } from "./testing/server-process.ts";

async function askHttp2(session: ClientHttp2Session, path: string) {
  const stream = session.request({ ":path": path });
  const [headers] = (await once(stream, "response")) as [Record<string, string | number>];
  return { status: headers[":status"], version: headers["version"], body: await text(stream) };
}

async function askHttp1(port: number, ca: string, headers: Record<string, string>) {
  const request = https.get({ host: "127.0.0.1", port, ca, path: "/any", headers, agent: false });
  const [response] = (await once(request, "response")) as [IncomingMessage];
  return { status: response.statusCode, version: response.httpVersion, body: await text(response) };
}

test("HTTP/1.1, h2c, and HTTPS with HTTP/2 and HTTP/1.1 on one port, all at once", async () => {
  using volume = createTlsVolume();
  await using server = await startServerProcess({
    VERSION: "7",
    H2C_PORT: "0",
    HTTPS_PORT: "0",
    TLS_DIR: volume.path,
  });
  const [port, h2cPort, httpsPort = 0] = server.ports;
  const answer = { status: 200, version: "7", body: "GET /any\n" };
  const plain = await fetch(`http://127.0.0.1:${port}/any`);
  assert.deepEqual(
    { status: plain.status, version: plain.headers.get("version"), body: await plain.text() },
    answer,
  );
  const { ca } = volume;
  for (const session of [
    connect(`http://127.0.0.1:${h2cPort}`),
    connect(`https://127.0.0.1:${httpsPort}`, { ca }),
  ]) {
    assert.deepEqual(await askHttp2(session, "/any"), answer);
    assert.equal((await askHttp2(session, "/readyz")).body, "ok\n");
    session.close();
  }
  assert.deepEqual(await askHttp1(httpsPort, ca, {}), { status: 200, version: "1.1", body: "GET /any\n" });
  server.kill("SIGTERM");
  assert.equal(await server.exited, 0);
});

test("WebSocket is spoken over HTTP and HTTPS, and another upgrade is a plain request", async () => {
  using volume = createTlsVolume();
  await using server = await startServerProcess({ HTTPS_PORT: "0", TLS_DIR: volume.path });
  const [port = 0, httpsPort = 0] = server.ports;
  const { ca } = volume;
  for (const url of [`ws://127.0.0.1:${port}/ws/echo`, `wss://127.0.0.1:${httpsPort}/ws/echo`]) {
    const client = new WebSocket(url, { ca });
    await once(client, "open");
    client.send(url);
    const [data] = (await once(client, "message")) as [Buffer];
    assert.equal(String(data), url);
    client.close();
  }
  const headers = { connection: "upgrade", upgrade: "h2c" };
  assert.equal((await askHttp1(httpsPort, ca, headers)).body, "GET /any\n");
  const [plain] = (await once(http.get({ port, path: "/any", headers, agent: false }), "response")) as [
    IncomingMessage,
  ];
  assert.equal(await text(plain), "GET /any\n");
});

test("nobody gets a tunnel, and no WebSocket with a body before it", async () => {
  await using server = await startServerProcess({ H2C_PORT: "0" });
  const [port = 0, h2cPort = 0] = server.ports;
  const tunnel = http.request({ port, method: "CONNECT", path: "a:80", agent: false }).end();
  const [refusal] = (await once(tunnel, "connect")) as [IncomingMessage];
  assert.equal(refusal.statusCode, 405);
  assert.match(String(refusal.headers.allow), /^GET, HEAD/);

  const session = connect(`http://127.0.0.1:${h2cPort}`);
  const stream = session.request({ ":method": "CONNECT", ":authority": "a:80" });
  const [headers] = (await once(stream, "response")) as [Record<string, unknown>];
  assert.equal(headers[":status"], 405);
  session.destroy();

  const upgrade = { connection: "upgrade", upgrade: "websocket", "content-length": "1" };
  const request = http.request({ port, path: "/ws/echo", headers: upgrade, agent: false }).end("x");
  const [answer] = (await once(request, "response")) as [IncomingMessage];
  answer.resume();
  assert.deepEqual([answer.statusCode, answer.headers.connection], [426, "upgrade, close"]);
});

test("who is refused a tunnel does not keep the connection", async () => {
  await using server = await startServerProcess({});
  const [port = 0] = server.ports;
  const client = connectTcp({ port, host: "127.0.0.1", allowHalfOpen: true });
  client.on("error", () => {});
  client.write("CONNECT a:80 HTTP/1.1\r\nhost: a:80\r\n\r\n");
  client.resume();
  await once(client, "end");
  // Who does not read learns only by writing that nobody is there any more.
  for (let tries = 0; tries < 500 && !client.destroyed; tries += 1) {
    client.write("x");
    await setTimeout(10);
  }
  assert.ok(client.destroyed);
});

test("a port that is taken is named with its setting, and it exits 2", async () => {
  const other = createServer().listen(0);
  await once(other, "listening");
  const { port } = other.address() as AddressInfo;
  for (const [setting, args] of [
    ["port", [`--port=${port}`]],
    ["h2cPort", [`--h2c-port=${port}`]],
  ] as const) {
    const { status, stderr } = runServerProcess(args);
    assert.equal(status, 2);
    assert.match(stderr, new RegExp(`^error\\[SW8006\\]: port ${port} cannot be listened on: .*EADDRINUSE`));
    assert.match(stderr, new RegExp(`\n  next  .*set ${setting} to another one`));
  }
  other.close();
});

test("HTTPS without a usable key pair does not start, and it exits 2", () => {
  const missing = runServerProcess(["--https-port=0"]);
  assert.equal(missing.status, 2);
  assert.match(
    missing.stderr,
    /^error\[SW8001\]: httpsPort is set, but tlsDir is not\n {2}next {2}set TLS_DIR/,
  );
  using volume = createKubeletVolume({ "tls.crt": selfSigned().cert, "tls.key": selfSigned().key });
  const mixed = runServerProcess(["--https-port=0", `--tls-dir=${volume.path}`]);
  assert.equal(mixed.status, 2);
  assert.match(
    mixed.stderr,
    /^error\[SW8005\]: tls\.key is not the key of the first certificate in tls\.crt/,
  );
});
