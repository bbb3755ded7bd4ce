import assert from "node:assert/strict";
import { once } from "node:events";
import http2, { type Http2Server, type ServerHttp2Stream } from "node:http2";
import { connect, type AddressInfo } from "node:net";
import { test } from "node:test";
import { selfSigned } from "@seaworthy/certificates";
import {
  createPlan,
  grpcCall,
  startLoad,
  steadyPace,
  targetOf,
  type LoadReport,
  type RequestTemplate,
  type StartLoadOptions,
  type Target,
} from "@seaworthy/load";

const type = { ":status": 200, "content-type": "application/grpc" };
const emptyMessage = Buffer.alloc(5);

/** What a server of gRPC, or something in its place, can do with a call. */
const deeds: Readonly<Record<string, (stream: ServerHttp2Stream) => void>> = {
  Good: (stream) => answer(stream, { "grpc-status": "0" }),
  Missing: (stream) => answer(stream, { "grpc-status": "5", "grpc-message": "no such cart" }),
  Unavailable: (stream) =>
    stream.respond({ ...type, "grpc-status": "14", "grpc-message": "going%20away" }, { endStream: true }),
  Silent: (stream) => {
    stream.respond(type);
    stream.end(emptyMessage);
  },
  Cut: (stream) => {
    stream.respond(type);
    stream.write(emptyMessage, () => stream.destroy(new Error("a fault of the server")));
  },
  Page: (stream) => {
    stream.respond({ ":status": 200, "content-type": "text/html" });
    stream.end("<h1>Hello</h1>");
  },
  Gateway: (stream) => stream.respond({ ":status": 502 }, { endStream: true }),
};

function answer(stream: ServerHttp2Stream, trailers: Readonly<Record<string, string>>): void {
  stream.respond(type, { waitForTrailers: true });
  stream.on("wantTrailers", () => stream.sendTrailers(trailers));
  stream.end(emptyMessage);
}

test("what became of a call is said by its trailers", async () => {
  await using server = await serving(http2.createServer());
  const names = Object.keys(deeds);
  const report = await run(
    [{ ...targetOf(`http://127.0.0.1:${server.port}`), protocol: "h2" }],
    names.map((name) => grpcCall(`shop.Carts/${name}`)),
  );
  const seen = Object.fromEntries(
    names.map((name) => {
      const own = report.failures.filter(({ request }) => request === `POST /shop.Carts/${name}`);
      const told = own.map((each) => `${each.class} ${each.status} ${each.detail ?? ""}`.trim());
      return [name, [own.length, ...new Set(told)]];
    }),
  );
  assert.deepEqual(seen, {
    Good: [0],
    Missing: [10, "bad-grpc-status 5 NOT_FOUND: no such cart"],
    Unavailable: [10, "bad-grpc-status 14 UNAVAILABLE: going away"],
    Silent: [10, "no-grpc-status 200"],
    Cut: [10, "reset-mid-answer 200 RST_STREAM INTERNAL_ERROR"],
    Page: [10, "failed-expectation 200 content-type text/html"],
    Gateway: [10, "bad-status 502"],
  });
  assert.deepEqual([report.ok, report.failed, report.statuses[0], report.statuses[14]], [10, 60, 10, 10]);
  const call = server.calls.find(({ path }) => path === "/shop.Carts/Good");
  assert.deepEqual(call, {
    path: "/shop.Carts/Good",
    method: "POST",
    type: "application/grpc",
    te: "trailers",
    body: "0000000000",
  });
});

test("calls go over TLS by ALPN, with the message and the codes that are good for it", async () => {
  const pair = selfSigned();
  await using server = await serving(http2.createSecureServer(pair));
  const target = targetOf(`https://localhost:${server.port}`, { ca: pair.cert });
  const report = await run(
    [{ ...target, protocol: "h2" }],
    [{ ...grpcCall("shop.Carts/Missing", Buffer.from([10, 1, 0x37])), status: [[5, 5]] }],
  );
  assert.deepEqual([report.ok, report.failed, report.statuses[5]], [10, 0, 10]);
  assert.equal(server.calls[0]?.body, "00000000030a0137");
});

test("calls go over connections that somebody else has opened", async () => {
  await using server = await serving(http2.createServer());
  const target: Target = {
    name: "service",
    via: { kind: "dialed" },
    protocol: "h2",
    hostHeader: "shop.example",
    path: "/",
  };
  const dial: StartLoadOptions["dial"] = async () => {
    const socket = connect(server.port, "127.0.0.1");
    await once(socket, "connect");
    return { socket, peer: "10.0.0.1:50051" };
  };
  const report = await run([target], [grpcCall("shop.Carts/Good"), grpcCall("shop.Carts/Cut")], { dial });
  assert.deepEqual([report.ok, report.failed], [10, 10]);
  assert.ok(report.failures.every(({ peer }) => peer === "10.0.0.1:50051"));
});

/** Ten calls of each. */
async function run(
  targets: readonly Target[],
  requests: readonly RequestTemplate[],
  options: StartLoadOptions = {},
): Promise<LoadReport> {
  const plan = createPlan({
    targets,
    requests,
    clients: ["keep-alive", "new-connection"],
    pace: steadyPace(200, 60_000),
    maxRequests: 10 * requests.length,
    maxLagP99Ms: 10_000,
  });
  await using load = await startLoad(plan, options);
  return await load.report;
}

interface SeenCall {
  readonly path: string | undefined;
  readonly method: string | undefined;
  readonly type: string | undefined;
  readonly te: string | undefined;
  readonly body: string;
}

/** Does what the name of each method says, and remembers the calls. */
async function serving(server: Http2Server | http2.Http2SecureServer) {
  const calls: SeenCall[] = [];
  server.on("stream", (stream, headers) => {
    const chunks: Buffer[] = [];
    stream.on("error", () => undefined);
    stream.on("data", (chunk: Buffer) => chunks.push(chunk));
    stream.on("end", () => {
      const { ":path": path, ":method": method, "content-type": type, te } = headers;
      calls.push({ path, method, type, te: te as string, body: Buffer.concat(chunks).toString("hex") });
      deeds[path?.split("/").at(-1) ?? ""]?.(stream);
    });
  });
  const sessions = new Set<http2.ServerHttp2Session>();
  server.on("session", (session) => sessions.add(session));
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    port: (server.address() as AddressInfo).port,
    calls,
    async [Symbol.asyncDispose]() {
      for (const session of sessions) session.destroy();
      server.close();
      await once(server, "close");
    },
  };
}
