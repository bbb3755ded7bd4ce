import assert from "node:assert/strict";
import { once } from "node:events";
import { request, type RequestOptions } from "node:https";
import { connect as connectTcp } from "node:net";
import { after, before, describe, test } from "node:test";
import { connect, type ConnectionOptions } from "node:tls";
import * as fc from "fast-check";
import { createCertificateAuthority } from "@seaworthy/certificates";
import { createClient, httpTransport, readKubeconfig, type KubeconfigConnection } from "@seaworthy/client";
import { resourceTypes } from "@seaworthy/kube";
import { configMap, startApi, type Fixture } from "../testing/start-api.ts";
import type { ListeningApi } from "./serve-api.ts";

let fixture: Fixture;
let api: ListeningApi;
let connection: KubeconfigConnection;

before(async () => {
  fixture = await startApi({ startMs: Date.now() });
  await fixture.client.create(resourceTypes.secrets, {
    apiVersion: "v1",
    kind: "Secret",
    metadata: { name: "password", namespace: "default" },
    data: { password: Buffer.from("hunter2").toString("base64") },
  });
  api = await fixture.start();
  connection = await readKubeconfig({ text: api.kubeconfig });
});
after(() => api[Symbol.asyncDispose]());

const podsPath = "/api/v1/namespaces/default/pods";
/** The request with which a web page ran a program before: a browser sends it without asking first. */
const pagePost = {
  method: "POST",
  path: podsPath,
  headers: { origin: "http://evil.example", "content-type": "text/plain" },
  body: JSON.stringify({
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name: "evil" },
    spec: { containers: [{ name: "c", image: "shop", command: ["sh", "-c", "id"] }] },
  }),
};

describe("who has no credentials", () => {
  test("is anonymous, and gets 403 in Kubernetes' words for every path and method but four", async () => {
    const paths = [
      "/",
      "/api",
      "/apis",
      podsPath,
      "/api/v1/secrets",
      "/openapi/v2",
      "/healthz/x",
      "/nowhere",
    ];
    for (const path of [...paths, "//healthz", "/version/../api/v1/secrets", "/version%2f..%2fapi"]) {
      const others = path === podsPath ? ["PUT", "PATCH", "DELETE", "OPTIONS", "HEAD"] : [];
      for (const method of ["GET", "POST", ...others]) {
        const answer = await ask({ method, path });
        assert.equal(answer.status, 403, `${method} ${path}`);
        if (path !== "/api/v1/secrets" || method !== "GET") continue;
        assert.deepEqual(JSON.parse(answer.body), {
          kind: "Status",
          apiVersion: "v1",
          metadata: {},
          status: "Failure",
          message:
            'secrets is forbidden: User "system:anonymous" cannot list resource "secrets" in API group "" at the cluster scope',
          reason: "Forbidden",
          details: { kind: "secrets" },
          code: 403,
        });
      }
    }
    for (const path of ["/healthz", "/livez", "/readyz", "/version"])
      assert.equal((await ask({ path })).status, 200, path);
    assert.equal((await ask({ path: "/healthz", method: "POST" })).status, 403);
  });

  test("gets 401 with a token, a certificate or a password of its own making", async () => {
    const stranger = createCertificateAuthority("seaworthy", {
      notBefore: new Date(Date.now() - 1000),
      notAfter: new Date(Date.now() + 3_600_000),
    });
    const pair = stranger.issue({
      commonName: "seaworthy-admin",
      organization: "system:masters",
      usage: "client",
    });
    assert.equal((await ask({ path: podsPath, ...pair })).status, 401);
    const token = String(connection.token);
    for (const authorization of ["Bearer x", `Bearer ${token}x`, `bearer ${token.slice(1)}`])
      for (const path of [podsPath, "/healthz"])
        assert.equal((await ask({ path, headers: { authorization } })).status, 401, authorization);
    // What is no bearer token is not looked at, so that its sender is anonymous.
    for (const authorization of [
      "Bearer ",
      `Basic ${Buffer.from(`admin:${token}`).toString("base64")}`,
      token,
    ])
      assert.equal((await ask({ path: podsPath, headers: { authorization } })).status, 403, authorization);
  });

  test("cannot take up the TLS session of who has them", async () => {
    for (const version of ["TLSv1.2", "TLSv1.3"] as const) {
      const first = await openTls({ ...credentials(), minVersion: version, maxVersion: version });
      let session = first.getSession();
      first.on("session", (later) => (session = later));
      assert.match(await rawGet(first), /^HTTP\/1.1 200/);
      const second = await openTls({ ca: connection.ca, session, minVersion: version, maxVersion: version });
      assert.match(await rawGet(second), /^HTTP\/1.1 403/, version);
    }
  });

  test("gets nothing from the port without TLS", async () => {
    const socket = connectTcp(Number(new URL(api.url).port), "127.0.0.1");
    let answer = "";
    socket.on("data", (chunk) => (answer += String(chunk)));
    socket.on("error", () => {});
    socket.write(`GET ${podsPath} HTTP/1.1\r\nhost: 127.0.0.1\r\n\r\n`);
    await once(socket, "close");
    assert.equal(answer, "");
  });
});

describe("a web page", () => {
  test("is refused before its request is read, with or without credentials, and nothing comes of it", async () => {
    for (const extra of [{}, credentials(), { headers: { ...pagePost.headers, ...bearer() } }]) {
      const answer = await ask({ ...pagePost, ...extra });
      assert.equal(answer.status, 403);
      assert.deepEqual(corsHeaders(answer.headers), []);
    }
    assert.equal((await fixture.client.list(resourceTypes.pods)).items.length, 0);
  });

  test("is known by Origin, whatever it says, and by Sec-Fetch-Site", async () => {
    for (const origin of ["null", "http://localhost", api.url, "https://127.0.0.1", "file://", ""])
      assert.equal((await ask({ path: podsPath, headers: { origin, ...bearer() } })).status, 403, origin);
    for (const [site, status] of [
      ["cross-site", 403],
      ["same-site", 403],
      ["same-origin", 403],
      ["none", 200],
    ] as const) {
      const headers = { "sec-fetch-site": site, ...bearer() };
      assert.equal((await ask({ path: podsPath, headers })).status, status, site);
    }
  });

  test("gets no permission from a preflight, and no WebSocket", async () => {
    const preflight = await ask({
      method: "OPTIONS",
      path: podsPath,
      headers: { origin: "http://evil.example", "access-control-request-method": "POST" },
    });
    assert.equal(preflight.status, 403);
    assert.deepEqual(corsHeaders(preflight.headers), []);
    const upgrade = {
      connection: "Upgrade",
      upgrade: "websocket",
      "sec-websocket-version": "13",
      "sec-websocket-key": "dGhlIHNhbXBsZSBub25jZQ==",
    };
    const headers = { ...upgrade, origin: "http://evil.example" };
    assert.equal((await ask({ path: `${podsPath}/p/exec`, headers, ...credentials() })).status, 403);
    assert.equal((await ask({ path: `${podsPath}/p/exec`, headers: upgrade })).status, 403);
    const marked = { ...headers, ...bearer(), "sec-fetch-site": "cross-site" };
    assert.equal((await ask({ path: `${podsPath}/p/exec`, headers: marked })).status, 403);
    // No page can send a token with it: this is a program, whose library names an Origin.
    const program = await ask({
      path: `${podsPath}/p/exec?command=id`,
      headers: { ...headers, ...bearer() },
    });
    assert.deepEqual([program.status, JSON.parse(program.body).reason], [404, "NotFound"]);
  });

  test("is answered without waiting for its body", async () => {
    const socket = await openTls({ ca: connection.ca });
    socket.write(
      `POST ${podsPath} HTTP/1.1\r\nhost: 127.0.0.1\r\norigin: http://evil.example\r\ncontent-length: 1000000000\r\n\r\n`,
    );
    const [answer] = (await once(socket, "data")) as [Buffer];
    assert.match(String(answer), /^HTTP\/1.1 403/);
    socket.destroy();
  });

  test("has no use for a name of its own that leads to 127.0.0.1", async () => {
    const labels = fc.stringMatching(/^[a-z0-9.-]{1,20}$/);
    await fc.assert(
      fc.asyncProperty(labels, fc.constantFrom("before", "after"), async (label, side) => {
        const host = side === "before" ? `${label}.localhost` : `127.0.0.1.${label}`;
        const answer = await ask({ path: podsPath, headers: { host, ...bearer() } });
        assert.equal(answer.status, 403, host);
      }),
      { numRuns: 30 },
    );
    for (const host of ["localhost", "127.0.0.1:1", "[::1]:6443", "LOCALHOST:6443"])
      assert.equal((await ask({ path: podsPath, headers: { host, ...bearer() } })).status, 200, host);
  });
});

describe("who has the kubeconfig", () => {
  test("is let in by the certificate alone and by the token alone", async () => {
    const { cert, key, ...tokenOnly } = connection;
    const { token: _token, ...certificateOnly } = connection;
    assert.ok(cert !== undefined && key !== undefined);
    for (const way of [tokenOnly, certificateOnly, connection]) {
      const client = createClient(httpTransport(way));
      const secret = await client.get(resourceTypes.secrets, "default", "password");
      assert.equal(secret.metadata.name, "password");
    }
  });

  test("can watch over the socket", async () => {
    const client = createClient(httpTransport(connection));
    const { resourceVersion } = await client.list(resourceTypes.configmaps);
    const gone = new AbortController();
    const events = client.watch(resourceTypes.configmaps, { resourceVersion, signal: gone.signal });
    const first = events[Symbol.asyncIterator]().next();
    await client.create(resourceTypes.configmaps, configMap("seen"));
    assert.equal((await first).value?.object.metadata.name, "seen");
    gone.abort();
  });

  test("must send a body in a media type that is read", async () => {
    const body = JSON.stringify(configMap("typed"));
    const path = "/api/v1/namespaces/default/configmaps";
    const post = (type: string) => ask({ method: "POST", path, body, ...withType(type) });
    for (const type of [
      "text/plain",
      "application/x-www-form-urlencoded",
      "multipart/form-data; boundary=x",
      "x",
    ])
      assert.equal((await post(type)).status, 415, type);
    assert.equal((await post("Application/JSON; charset=utf-8")).status, 201);
    const one = { path: `${path}/typed`, ...withType("text/plain") };
    assert.equal((await ask({ ...one, method: "PUT", body })).status, 415);
    assert.equal((await ask({ ...one, method: "PATCH", body: "{}" })).status, 415);
    assert.equal(
      (await ask({ ...one, method: "PATCH", body: "{}", ...withType("application/json") })).status,
      415,
    );
    assert.equal((await ask({ ...one, method: "DELETE", body: "{}" })).status, 415);
    const merge = withType("application/merge-patch+json");
    assert.equal((await ask({ ...one, method: "PATCH", body: "{}", ...merge })).status, 200);
    assert.equal((await ask({ path: one.path, method: "DELETE", headers: bearer() })).status, 200);
  });
});

function withType(type: string): { headers: Record<string, string> } {
  return { headers: { "content-type": type, ...bearer() } };
}

function bearer(): Record<string, string> {
  return { authorization: `Bearer ${String(connection.token)}` };
}

function credentials(): { ca: string | undefined; cert: string | undefined; key: string | undefined } {
  const { ca, cert, key } = connection;
  return { ca, cert, key };
}

function corsHeaders(headers: object): string[] {
  return Object.keys(headers).filter((name) => name.startsWith("access-control-"));
}

interface Answer {
  readonly status: number;
  readonly headers: object;
  readonly body: string;
}

/** One request on a connection of its own, without credentials unless some are given. */
async function ask({ body, ...options }: RequestOptions & { readonly body?: string }): Promise<Answer> {
  const { port } = new URL(api.url);
  const ca = connection.ca;
  const sent = request({
    host: "127.0.0.1",
    servername: "localhost",
    port,
    agent: false,
    ...(ca === undefined ? {} : { ca }),
    ...options,
  });
  if (body !== undefined) sent.setHeader("content-length", Buffer.byteLength(body));
  sent.end(body);
  const [message] = (await once(sent, "response")) as [import("node:http").IncomingMessage];
  message.setEncoding("utf8");
  let text = "";
  for await (const chunk of message) text += String(chunk);
  return { status: message.statusCode ?? 0, headers: message.headers, body: text };
}

async function openTls(options: ConnectionOptions | { ca: string | undefined }) {
  const socket = connect({
    ...(options as ConnectionOptions),
    host: "127.0.0.1",
    port: Number(new URL(api.url).port),
  });
  await once(socket, "secureConnect");
  return socket;
}

async function rawGet(socket: import("node:tls").TLSSocket): Promise<string> {
  socket.write(`GET ${podsPath} HTTP/1.1\r\nhost: 127.0.0.1\r\nconnection: close\r\n\r\n`);
  let text = "";
  for await (const chunk of socket) text += String(chunk);
  return text;
}
