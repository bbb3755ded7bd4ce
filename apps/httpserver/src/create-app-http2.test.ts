import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer } from "node:http";
import {
  connect,
  type ClientHttp2Session,
  type IncomingHttpHeaders,
  type OutgoingHttpHeaders,
} from "node:http2";
import type { AddressInfo } from "node:net";
import { test, type TestContext } from "node:test";
import type { FastifyServerOptions } from "fastify";
import { createApp, type AppParts } from "./create-app.ts";
import { exampleParts } from "./testing/example-app.ts";

async function session(t: TestContext, parts: Partial<AppParts> = {}): Promise<ClientHttp2Session> {
  const options = { http2: true } as FastifyServerOptions;
  const app = createApp({ ...exampleParts, ...parts }, options);
  const client = connect(await app.listen({ port: 0, host: "127.0.0.1" }));
  t.after(async () => {
    client.destroy();
    await app.close();
  });
  return client;
}

async function ask(client: ClientHttp2Session, headers: OutgoingHttpHeaders, body?: Buffer) {
  const stream = client.request(headers, { endStream: body === undefined });
  if (body !== undefined) stream.end(body);
  const [answer] = (await once(stream, "response")) as [IncomingHttpHeaders & { ":status": number }];
  return { answer, body: Buffer.concat(await stream.toArray()) };
}

test("over HTTP/2 the echo has no pseudo-headers of the request and no header of a connection", async (t) => {
  const client = await session(t);
  const { answer, body } = await ask(client, {
    ":path": "/any",
    "x-one": "1",
    te: "trailers",
    "x-seaworthy-token": "t",
  });
  assert.equal(answer[":status"], 200);
  assert.equal(body.toString(), "GET /any\n");
  assert.deepEqual(
    [answer["x-one"], answer["version"], answer["x-pod-name"], answer["x-seaworthy-echo"]],
    ["1", "7", "pod-a", "t"],
  );
  assert.deepEqual([answer["te"], answer[":path"]], [undefined, undefined]);
});

test("over HTTP/2 bodies come back, and one that is too large has a 413", async (t) => {
  const client = await session(t);
  const whole = await ask(
    client,
    { ":path": "/any", ":method": "POST", "content-type": "a/b" },
    Buffer.alloc(1024 * 1024, 1),
  );
  assert.equal(whole.body.length, 1024 * 1024);
  const refused = await ask(client, { ":path": "/any", ":method": "POST" }, Buffer.alloc(1024 * 1024 + 1));
  assert.equal(refused.answer[":status"], 413);
  const announced = client.request(
    { ":path": "/any", ":method": "POST", "content-length": 2 ** 40 },
    { endStream: false },
  );
  const [answer] = (await once(announced, "response")) as [IncomingHttpHeaders & { ":status": number }];
  assert.equal(answer[":status"], 413);
  announced.close();
  assert.equal((await ask(client, { ":path": "/ws/echo" })).answer[":status"], 501);
  assert.equal((await ask(client, { ":path": "/chunked/0" })).body.toString().split("\n").length, 11);
});

test("over HTTP/2 what a client no longer waits for ends", async (t) => {
  const arrived = Promise.withResolvers<void>();
  const ended = Promise.withResolvers<void>();
  const backend = createServer((_, response) => {
    response.once("close", () => ended.resolve());
    arrived.resolve();
  }).listen(0, "127.0.0.1");
  t.after(() => backend.close());
  await once(backend, "listening");
  const url = `http://127.0.0.1:${(backend.address() as AddressInfo).port}/`;
  const client = await session(t, { backendUrls: [url], backendTimeoutMs: 60_000 });
  const stream = client.request({ ":path": "/echo" });
  await arrived.promise;
  stream.destroy();
  await ended.promise;
  const events = client.request({ ":path": "/events" });
  await once(events, "response");
  events.destroy();
  assert.equal((await ask(client, { ":path": "/version" })).answer[":status"], 200);
});
