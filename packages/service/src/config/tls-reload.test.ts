import assert from "node:assert/strict";
import { X509Certificate } from "node:crypto";
import { once } from "node:events";
import { connect as connectHttp2, createSecureServer, type ClientHttp2Session } from "node:http2";
import https from "node:https";
import type { AddressInfo, Socket } from "node:net";
import { describe, it } from "node:test";
import { connect, createSecureContext, type ConnectionOptions, type Server, type TLSSocket } from "node:tls";
import { createMetricsRegistry } from "../metrics/metrics-registry.ts";
import { askHttps } from "./testing/ask-https.ts";
import { createKubeletVolume } from "./testing/kubelet-volume.ts";
import { recordLog } from "./testing/recorded-log.ts";
import { selfSigned, type KeyPair } from "@seaworthy/certificates";
import { watchTls, type TlsOptions } from "./tls-reload.ts";

const pairs = Array.from({ length: 21 }, () => selfSigned());
const ca = pairs.map(({ cert }) => cert);
/** The context of a client that trusts all of them. Made once, since making it is most of a connection's work. */
const secureContext = createSecureContext({ ca });
const fingerprintOf = ({ cert }: KeyPair): string => new X509Certificate(cert).fingerprint256;
const secretOf = ({ cert, key }: KeyPair) => ({ "tls.crt": cert, "tls.key": key });

async function start(server: Server, options: Partial<TlsOptions> = {}) {
  const volume = createKubeletVolume(secretOf(pairs[0]!));
  const log = recordLog();
  const registry = createMetricsRegistry();
  const live = await watchTls(server, { directory: volume.path, log, registry, debounceMs: 2, ...options });
  const sockets = new Set<Socket>();
  server.on("connection", (socket: Socket) => sockets.add(socket));
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    live,
    log,
    registry,
    volume,
    port: (server.address() as AddressInfo).port,
    async [Symbol.asyncDispose]() {
      live[Symbol.dispose]();
      volume[Symbol.dispose]();
      server.close();
      for (const socket of sockets) socket.destroy();
      await once(server, "close");
    },
  };
}

async function handshake(port: number, options: ConnectionOptions = {}): Promise<TLSSocket> {
  const socket = connect({ port, host: "127.0.0.1", servername: "localhost", secureContext, ...options });
  await once(socket, "secureConnect");
  return socket;
}

async function servedFingerprint(port: number): Promise<string> {
  const socket = await handshake(port);
  const { fingerprint256 } = socket.getPeerCertificate();
  socket.destroy();
  return fingerprint256;
}

describe("a server whose certificate is replaced", () => {
  it("fails no request in 20 replacements, on new, resumed and kept connections, and serves each new one", async () => {
    const server = https.createServer((_, response) => response.end("hello"));
    await using served = await start(server);
    const { port, volume, live, log } = served;
    let over = false;
    const trusting = { secureContext, servername: "localhost" };
    const agents = [
      new https.Agent({ ...trusting, keepAlive: true }),
      new https.Agent({ ...trusting, keepAlive: false }),
      new https.Agent({ ...trusting, keepAlive: false, maxCachedSessions: 0 }),
    ];
    const isOver = (): boolean => over;
    const clients = agents.flatMap((agent) => [askHttps(port, agent, isOver), askHttps(port, agent, isOver)]);
    for (const pair of pairs.slice(1)) {
      volume.write(secretOf(pair));
      while (live.fingerprint !== fingerprintOf(pair)) await servedFingerprint(port);
      assert.equal(await servedFingerprint(port), fingerprintOf(pair));
    }
    over = true;
    for (const { answers, failure } of await Promise.all(clients)) {
      assert.equal(failure, undefined);
      assert.ok(answers >= 20, `only ${answers} answers`);
    }
    for (const agent of agents) agent.destroy();
    assert.equal(log.messages("info").length, 21);
    assert.deepEqual(log.messages("error"), []);
  });

  it("keeps the old certificate on old connections, and takes a client with an old session", async () => {
    const server = https.createServer((_, response) => response.end("hello"));
    await using served = await start(server);
    const { port, volume, live } = served;
    const old = await handshake(port);
    const sessionOf = async (socket: TLSSocket): Promise<Buffer> => {
      const got = once(socket, "session");
      socket.write("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n");
      return ((await got) as [Buffer])[0];
    };
    const session = await sessionOf(old);
    const resumed = await handshake(port, { session });
    assert.equal(resumed.isSessionReused(), true, "without a replacement it is resumed");
    volume.write(secretOf(pairs[1]!));
    await live.reload();
    const again = await handshake(port, { session });
    assert.equal(again.isSessionReused(), false);
    assert.equal(again.getPeerCertificate().fingerprint256, fingerprintOf(pairs[1]!));
    const answer = once(old, "data");
    old.write("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n");
    assert.match(String((await answer)[0]), /^HTTP\/1\.1 200 OK/);
    assert.equal(old.getPeerCertificate().fingerprint256, fingerprintOf(pairs[0]!));
    for (const socket of [old, resumed, again]) socket.destroy();
  });

  it("speaks HTTP/2 on old and new connections", async () => {
    const server = createSecureServer({ allowHTTP1: true }, (_, response) => response.end("hello"));
    await using served = await start(server);
    const { port, volume, live } = served;
    const open = async (): Promise<ClientHttp2Session> => {
      const session = connectHttp2(`https://localhost:${port}`, { ca });
      await once(session, "connect");
      return session;
    };
    const fetchOver = async (session: ClientHttp2Session): Promise<string> => {
      let body = "";
      for await (const chunk of session.request({ ":path": "/" })) body += String(chunk);
      return `${body} ${(session.socket as TLSSocket).getPeerCertificate().fingerprint256}`;
    };
    const old = await open();
    assert.equal(await fetchOver(old), `hello ${fingerprintOf(pairs[0]!)}`);
    volume.write(secretOf(pairs[1]!));
    await live.reload();
    const next = await open();
    assert.equal(await fetchOver(old), `hello ${fingerprintOf(pairs[0]!)}`);
    assert.equal(await fetchOver(next), `hello ${fingerprintOf(pairs[1]!)}`);
    old.destroy();
    next.destroy();
  });

  it("keeps what else it was made with", async () => {
    await using served = await start(https.createServer(), { context: { minVersion: "TLSv1.3" } });
    const { port, volume, live } = served;
    const old = { secureContext: createSecureContext({ ca, maxVersion: "TLSv1.2" }) };
    await assert.rejects(handshake(port, old), { code: "ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION" });
    volume.write(secretOf(pairs[1]!));
    await live.reload();
    await assert.rejects(handshake(port, old), { code: "ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION" });
    assert.equal(await servedFingerprint(port), fingerprintOf(pairs[1]!));
  });
});

describe("a pair that cannot be used", () => {
  it("leaves the last good one, and is told once in the log and in metrics", async () => {
    await using served = await start(https.createServer());
    const { port, volume, live, log, registry } = served;
    volume.write({ "tls.crt": pairs[1]!.cert, "tls.key": pairs[2]!.key });
    await assert.rejects(live.reload(), { code: "SW8005" });
    await assert.rejects(live.reload(), { code: "SW8005" });
    assert.equal(live.lastError?.code, "SW8005");
    assert.equal(await servedFingerprint(port), fingerprintOf(pairs[0]!));
    assert.deepEqual(log.messages("error"), ["the TLS key pair cannot be used, the last good one stays"]);
    const { body } = await registry.render();
    assert.match(body, /^tls_reloads_total\{result="failure"\} 1$/m);
    assert.match(body, /^tls_reloads_total\{result="success"\} 0$/m);
    const notAfter = new X509Certificate(pairs[0]!.cert).validToDate.getTime() / 1_000;
    assert.match(body, new RegExp(`^tls_certificate_not_after_timestamp_seconds ${notAfter}$`, "m"));
    volume.write(secretOf(pairs[3]!));
    await live.reload();
    assert.equal(live.lastError, undefined);
    assert.equal(await servedFingerprint(port), fingerprintOf(pairs[3]!));
  });

  it("is tried again at each poll, so that one which begins later is used once it has", async () => {
    let nowMs = Date.now();
    const later = selfSigned({ notBefore: new Date(nowMs + 3_600_000) });
    await using served = await start(https.createServer(), { nowMs: () => nowMs, pollMs: 5 });
    const { volume, live } = served;
    volume.write(secretOf(later));
    await assert.rejects(live.reload(), /is not valid before/);
    nowMs += 3_601_000;
    while (live.fingerprint !== fingerprintOf(later)) await new Promise(setImmediate);
    assert.equal(live.lastError, undefined);
  });

  it("fails the first load", async () => {
    using volume = createKubeletVolume({ "tls.crt": "not a certificate", "tls.key": "" });
    const options = { directory: volume.path, log: recordLog() };
    await assert.rejects(watchTls(https.createServer(), options), { code: "SW8005" });
  });
});

it("a certificate that ends within 7 days is warned of", async () => {
  const ending = selfSigned({ notAfter: new Date(Date.now() + 6 * 24 * 3_600_000) });
  await using served = await start(https.createServer());
  const { volume, live, log } = served;
  assert.deepEqual(log.messages("warn"), []);
  volume.write(secretOf(ending));
  await live.reload();
  assert.deepEqual(log.messages("warn"), ["the TLS certificate ends within 7 days"]);
});
