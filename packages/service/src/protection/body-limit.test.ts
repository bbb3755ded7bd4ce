import assert from "node:assert/strict";
import { once } from "node:events";
import type { RequestListener } from "node:http";
import { connect } from "node:net";
import { Readable } from "node:stream";
import { text } from "node:stream/consumers";
import { test, type TestContext } from "node:test";
import { limitBodies } from "./body-limit.ts";
import { converse, openHttp2, startGatedServer, type Protocol } from "./testing/start-gated-server.ts";

const chunk = (size: number): string => `${size.toString(16)}\r\n${"x".repeat(size)}\r\n`;
const lastChunk = "0\r\n\r\n";
const post = (...headers: string[]): string =>
  ["POST / HTTP/1.1", "Host: a", ...headers, "", ""].join("\r\n");

async function start(t: TestContext, protocol: Protocol = "http", application?: RequestListener) {
  const bodies: string[] = [];
  const read: RequestListener = (request, response) => {
    text(request).then(
      (body) => {
        bodies.push(body);
        response.end(String(body.length));
      },
      (error: Error) => bodies.push(error.message),
    );
  };
  const gated = await startGatedServer(t, (server) => limitBodies(server, 100), {
    protocol,
    application: application ?? read,
  });
  return { ...gated, bodies };
}

test("bodies up to the limit arrive whole, with a length, in chunks, and none at all", async (t) => {
  const { port } = await start(t);
  const url = `http://127.0.0.1:${port}`;
  const answers = [
    await fetch(url, { method: "POST", body: "x".repeat(100) }),
    await fetch(url, {
      method: "POST",
      body: Readable.from(["x".repeat(60), "y".repeat(40)]),
      duplex: "half",
    }),
    await fetch(url),
  ];
  assert.deepEqual(await Promise.all(answers.map((answer) => answer.text())), ["100", "100", "0"]);
});

test("a longer length is refused with 413 and close at once, before any of the body", async (t) => {
  const { port, seen } = await start(t);
  const socket = connect(port, "127.0.0.1").setEncoding("utf8");
  socket.write(post("Content-Length: 101"));
  const [answer] = await once(socket, "data");
  assert.match(String(answer), /^HTTP\/1.1 413 .*\r\nConnection: close\r\n.*at most 100 bytes/s);
  socket.end();
  assert.deepEqual(seen, []);
});

test("a client that sends its whole large body first still reads the 413", async (t) => {
  const { port } = await start(t);
  const body = "x".repeat(8_000_000);
  assert.match(
    await converse(port, post(`Content-Length: ${body.length}`) + body),
    /^HTTP\/1.1 413 .*100 bytes.*\}\n$/s,
  );
  assert.match(
    await converse(port, post("Transfer-Encoding: chunked") + chunk(body.length) + lastChunk),
    /^HTTP\/1.1 413 Content Too Large\r\n/,
  );
});

test("a client that never ends its refused body is closed, one that ends it sooner", async (t) => {
  const { port } = await start(t);
  const unended = [post("Content-Length: 200"), post("Transfer-Encoding: chunked") + chunk(101)];
  const ended = [
    post("Content-Length: 101") + "x".repeat(101),
    post("Transfer-Encoding: chunked") + chunk(101) + lastChunk,
  ];
  const order: string[] = [];
  const all = [...unended, ...ended].map(async (sent) => {
    assert.match(await converse(port, sent), /^HTTP\/1.1 413 /);
    order.push(ended.includes(sent) ? "ended" : "unended");
  });
  await Promise.all(all);
  assert.deepEqual(order, ["ended", "ended", "unended", "unended"]);
});

test("chunks beyond the limit: 413, and the application sees a client that went away", async (t) => {
  const { port, bodies, ended } = await start(t);
  const answer = await converse(port, post("Transfer-Encoding: chunked") + chunk(90) + chunk(11) + lastChunk);
  assert.equal(answer, "HTTP/1.1 413 Content Too Large\r\nConnection: close\r\nContent-Length: 0\r\n\r\n");
  while (ended.length === 0) await new Promise((resolve) => setImmediate(resolve));
  assert.deepEqual(bodies, ["aborted"]);
  assert.deepEqual([ended[0]?.statusSent, ended[0]?.errorType], [413, "BodyTooLarge"]);
});

test("chunks beyond the limit after the answer has begun end the connection, and no byte beyond is handed over", async (t) => {
  const handed: string[] = [];
  const { port } = await start(t, "http", (request, response) => {
    response.flushHeaders();
    request.on("data", (data: Buffer) => handed.push(data.toString()));
    request.on("error", () => undefined);
  });
  const answer = await converse(port, post("Transfer-Encoding: chunked") + chunk(50) + chunk(51));
  assert.match(answer, /^HTTP\/1.1 200 /);
  assert.doesNotMatch(answer, /413/);
  assert.deepEqual(handed, ["x".repeat(50)]);
});

test("the application may answer while its request is being cut off, without harm", async (t) => {
  const { port } = await start(t, "http", (request, response) => {
    request.on("error", () => undefined);
    setTimeout(() => response.writeHead(200).end("late"), 50);
  });
  assert.match(await converse(port, post("Transfer-Encoding: chunked") + chunk(101)), /^HTTP\/1.1 413 /);
});

test("a body is invited only when it is not too large", async (t) => {
  const { port, bodies } = await start(t);
  const expect = "Expect: 100-continue";
  const refused = await converse(port, post("Content-Length: 101", expect));
  assert.match(refused, /^HTTP\/1.1 413 /);
  const socket = connect(port, "127.0.0.1").setEncoding("utf8");
  socket.write(post("Content-Length: 3", expect, "Connection: close"));
  assert.match(String((await once(socket, "data"))[0]), /^HTTP\/1.1 100 /);
  socket.write("abc");
  assert.match((await socket.toArray()).join(""), /^HTTP\/1.1 200 .*3$/s);
  assert.deepEqual(bodies, ["abc"]);
});

test("on HTTP/2 a longer length is answered 413, and a stream without one is reset", async (t) => {
  const { port, seen } = await start(t, "h2c");
  const session = openHttp2(t, `http://127.0.0.1:${port}`);
  const declared = session.request({ ":method": "POST", "content-length": "101" });
  const [headers] = await once(declared.resume(), "response");
  assert.equal(headers[":status"], 413);
  assert.deepEqual(seen, []);
  const counted = session.request({ ":method": "POST" });
  counted.write("x".repeat(101));
  await once(counted, "error");
  assert.equal(counted.rstCode, 0xb);
  const fine = session.request({ ":method": "POST" }).setEncoding("utf8");
  fine.end("x".repeat(100));
  assert.equal((await fine.toArray()).join(""), "100");
});
