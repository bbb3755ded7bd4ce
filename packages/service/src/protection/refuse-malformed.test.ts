import assert from "node:assert/strict";
import { once } from "node:events";
import { connect, createServer as createHttp2Server } from "node:http2";
import type { AddressInfo } from "node:net";
import { test } from "node:test";
import { startService } from "../testing/start-service.ts";
import { converse } from "./testing/start-gated-server.ts";

const hidden = "GET /hidden HTTP/1.1\r\nHost: a\r\n\r\n";
const lastChunk = "0\r\n\r\n";

const refused: readonly (readonly [what: string, bytes: string, status: number])[] = [
  ["two Hosts", "GET / HTTP/1.1\r\nHost: a\r\nhOst: b\r\n\r\n", 400],
  [
    "two equal Hosts in HTTP/1.0",
    "GET / HTTP/1.0\r\nHost: a\r\nHost: a\r\nConnection: keep-alive\r\n\r\n",
    400,
  ],
  ["a Host that is none", "GET / HTTP/1.1\r\nHost: a@b\r\n\r\n", 400],
  ["no Host", "GET / HTTP/1.1\r\n\r\n", 400],
  ["* without OPTIONS", "GET * HTTP/1.1\r\nHost: a\r\n\r\n", 400],
  ["a URL without a host", "GET http:///x HTTP/1.1\r\nHost: a\r\n\r\n", 400],
  ["a URL of another protocol", "GET ftp://a/x HTTP/1.1\r\nHost: a\r\n\r\n", 400],
  ["HTTP/2.0 in HTTP/1's form", "GET / HTTP/2.0\r\n\r\n", 505],
  ["HTTP/0.9", "GET /\r\n\r\n", 505],
  [
    "a transfer coding in HTTP/1.0",
    `POST / HTTP/1.0\r\nConnection: keep-alive\r\nTransfer-Encoding: chunked\r\n\r\n${lastChunk}`,
    400,
  ],
  [
    "a coding that nobody knows",
    `POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip, chunked\r\n\r\n${lastChunk}`,
    501,
  ],
  [
    "a coding without an end",
    `POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: identity\r\n\r\n${lastChunk}`,
    400,
  ],
];

for (const [what, bytes, status] of refused) {
  test(`${what}: ${status}, and neither it nor the request behind it is processed`, async (t) => {
    const seen: string[] = [];
    const { port } = await startService(t, {}, (request, response) => {
      seen.push(request.url ?? "");
      response.end("ok");
    });
    const answer = await converse(port, bytes + hidden);
    assert.match(answer, new RegExp(`^HTTP/1\\.1 ${status} [^]*\r\nConnection: close\r\n`, "i"));
    assert.equal(answer.match(/HTTP\/1\.1 \d/g)?.length, 1, answer);
    assert.deepEqual(seen, []);
  });
}

test("what only looks strange is served", async (t) => {
  const { port } = await startService(t);
  const heads = [
    "GET / HTTP/1.0",
    "GET / HTTP/1.1\r\nHost:",
    "GET / HTTP/1.1\r\nHost: [fe80::1%25eth0]:80",
    "GET / HTTP/1.1\r\nHost: a_b.example:",
    "OPTIONS * HTTP/1.1\r\nHost: a",
    "GET http://b HTTP/1.1\r\nHost: a",
    "GET HTTPS://b?x HTTP/1.1\r\nHost: a",
    "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: Chunked",
  ];
  for (const head of heads) {
    const answer = await converse(port, `${head}\r\nConnection: close\r\n\r\n${lastChunk}`);
    assert.match(answer, /^HTTP\/1\.1 200 /, head);
  }
});

test("behind an answer that closes the connection nothing is processed", async (t) => {
  const seen: string[] = [];
  const { port } = await startService(t, {}, (request, response) => {
    seen.push(request.url ?? "");
    response.setHeader("connection", "close").end("ok");
  });
  const answer = await converse(port, `GET / HTTP/1.1\r\nHost: a\r\n\r\n${hidden}`);
  assert.match(answer, /ok$/);
  assert.deepEqual(seen, ["/"]);
});

test("a whole URL is a probe when its path is one", async (t) => {
  const { port } = await startService(t);
  const ask = async (target: string): Promise<string> =>
    await converse(port, `GET ${target} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n`);
  assert.match(await ask("http://b/readyz?verbose"), /\[\+\]lifecycle ok/);
});

test("over HTTP/2 a Host that is not the authority has a 400", async (t) => {
  const { service } = await startService(t);
  const server = service.attach(createHttp2Server((_request, response) => response.end("ok")));
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const session = connect(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  for (const [host, status] of [
    ["a", 200],
    ["b", 400],
  ] as const) {
    const stream = session.request({ ":authority": "a", host });
    const [headers] = (await once(stream, "response")) as [Record<string, unknown>];
    assert.equal(headers[":status"], status);
  }
  session.destroy();
});
