import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer as createHttpServer } from "node:http";
import { createServer as createHttp2Server } from "node:http2";
import { connect, createServer, type AddressInfo, type Server, type Socket } from "node:net";
import { text } from "node:stream/consumers";
import { test, type TestContext } from "node:test";
import { answerText, type Question } from "./answer.ts";
import { ask } from "./ask.ts";

const question: Question = { method: "GET", path: "/", hostHeader: "shop.example" };

/** What servers do that are no HTTP/1.1 servers, each with what is to be said of them. */
const others: readonly [name: string, serve: (socket: Socket) => void, expected: string][] = [
  [
    "closes at the first byte",
    (socket) => socket.once("data", () => socket.end()),
    "closed without an answer",
  ],
  ["resets", (socket) => socket.once("data", () => socket.resetAndDestroy()), "closed without an answer"],
  [
    "greets first, as MySQL does",
    (socket) => socket.write("\u004a\u0000\u0000\u0000\u000a8.4.0\u0000"),
    "an answer that is no HTTP/1.1",
  ],
  [
    "answers in its own words, as Redis does",
    (socket) => socket.once("data", () => socket.write("-ERR unknown command\r\n")),
    "an answer that is no HTTP/1.1",
  ],
  [
    "greets in lines, as SMTP does",
    (socket) => socket.write("220 mail ESMTP\r\n"),
    "an answer that is no HTTP/1.1",
  ],
];
for (const [name, serve, expected] of others) {
  test(`a server that ${name} does not speak HTTP`, async (context) => {
    const port = await listening(
      context,
      createServer((socket) => serve(socket.on("error", () => {}))),
    );
    assert.equal(answerText(await ask(opener(port), question)), expected);
  });
}

test("a server of HTTP/2 without TLS does not speak HTTP/1.1", async (context) => {
  const port = await listening(context, createHttp2Server());
  assert.equal((await ask(opener(port), question)).kind, "no-http");
});

test("a status is a status, whatever it is, and a question arrives as it was asked", async (context) => {
  const seen: string[] = [];
  const server = createHttpServer((request, response) => {
    void text(request).then((body) => {
      seen.push(`${request.method} ${request.url} ${request.headers.host} ${body}`);
      response.writeHead(request.url === "/a?b" ? 204 : 503).end();
    });
  });
  const port = await listening(context, server);
  assert.deepEqual(await ask(opener(port), question), { kind: "status", status: 503 });
  assert.deepEqual(await ask(opener(port), { ...question, method: "POST", path: "/a?b" }), {
    kind: "status",
    status: 204,
  });
  assert.deepEqual(seen, ["GET / shop.example ", 'POST /a?b shop.example {"from":"seaworthy-load"}']);
});

test("no connection is refused, with its errno", async () => {
  for (const code of ["ECONNREFUSED", "ETIMEDOUT", "EHOSTUNREACH"]) {
    const open = () => Promise.reject(Object.assign(new Error("no"), { code }));
    assert.deepEqual(await ask(open, question), { kind: "refused", detail: code });
  }
});

function opener(port: number) {
  return async () => {
    const socket = connect(port, "127.0.0.1");
    await once(socket, "connect");
    return socket;
  };
}

async function listening(context: TestContext, server: Server): Promise<number> {
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  context.after(() => server.close());
  return (server.address() as AddressInfo).port;
}
