import assert from "node:assert/strict";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import http, { type IncomingMessage, type RequestListener, type ServerResponse } from "node:http";
import http2, { type ServerHttp2Stream } from "node:http2";
import https from "node:https";
import type { AddressInfo, Server, Socket } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { describe, it } from "node:test";
import type { TLSSocket } from "node:tls";
import { SeaworthyError } from "@seaworthy/errors";
import {
  createPlan,
  type LoadPlan,
  type LoadReport,
  startLoad,
  steadyPace,
  type Target,
  targetOf,
} from "@seaworthy/load";
import { selfSigned } from "@seaworthy/certificates";

const pair = selfSigned();
const ok: RequestListener = (_request, response) => void response.end("hello");

describe("the load generator speaks", () => {
  it("HTTP/1.1 over a Unix socket", async () => {
    const folder = mkdtempSync(path.join(tmpdir(), "seaworthy-load-"));
    const file = path.join(folder, "app.sock");
    const hosts = new Set<string | undefined>();
    await using server = await listening(
      http.createServer((request, response) => {
        hosts.add(request.headers.host);
        response.end("hello");
      }),
      file,
    );
    const target = {
      name: "app",
      via: { kind: "unix", path: file },
      hostHeader: "shop.example",
      path: "/",
    } as const;
    const report = await run([target], { maxRequests: 40 });
    await server[Symbol.asyncDispose]();
    rmSync(folder, { recursive: true });
    assert.deepEqual([report.ok, report.failed], [40, 0]);
    assert.deepEqual([...hosts], ["shop.example"]);
  });

  it("HTTP/1.1 over IPv6", async () => {
    await using server = await listening(http.createServer(ok), 0, "::1");
    const report = await run([targetOf(`http://[::1]:${server.port}/`)], { maxRequests: 40 });
    assert.deepEqual([report.ok, report.failed], [40, 0]);
  });

  it("to the address of a name that takes connections", async () => {
    await using server = await listening(http.createServer(ok), 0, "127.0.0.1");
    // ::1 comes first where localhost has both.
    const report = await run([targetOf(`http://localhost:${server.port}/`)], { maxRequests: 40 });
    assert.deepEqual([report.ok, report.failed], [40, 0]);
  });

  it("TLS, with the name that it looks for and its own authority", async () => {
    const names = new Set<string | undefined>();
    await using server = await listening(
      https.createServer(pair, (request, response) => {
        const { servername, alpnProtocol } = request.socket as TLSSocket & { servername?: string };
        names.add(`${servername} ${alpnProtocol}`);
        response.end("hello");
      }),
    );
    const target = targetOf(`https://127.0.0.1:${server.port}/`, { ca: pair.cert, serverName: "localhost" });
    const clients = ["keep-alive", "new-connection"] as const;
    const report = await run([target], { clients, maxRequests: 60 });
    assert.deepEqual([report.ok, report.failed], [60, 0], JSON.stringify(report.classes));
    assert.deepEqual([...names], ["localhost http/1.1"]);
  });

  for (const secure of [true, false]) {
    it(`HTTP/2 ${secure ? "over TLS" : "with prior knowledge"}, many requests at a time on one connection`, async () => {
      let sessions = 0;
      let most = 0;
      let open = 0;
      const listener = (request: http2.Http2ServerRequest, response: http2.Http2ServerResponse): void => {
        open += 1;
        most = Math.max(most, open);
        let body = "";
        request.setEncoding("utf8").on("data", (text: string) => (body += text));
        request.on("end", () =>
          setTimeout(() => {
            open -= 1;
            response.setHeader("x-pod-name", "pod-1");
            response.end(`${request.method} ${request.authority} ${body}`);
          }, 30),
        );
      };
      const plain = secure ? http2.createSecureServer(pair, listener) : http2.createServer(listener);
      plain.on("session", () => (sessions += 1));
      await using server = await listening(plain);
      const scheme = secure ? "https" : "http";
      const target: Target = {
        ...targetOf(`${scheme}://127.0.0.1:${server.port}/a`, { ca: pair.cert }),
        protocol: "h2",
      };
      const report = await run([target], {
        maxRequests: 100,
        keepAliveConnections: 2,
        requests: [{ method: "POST", body: "n{{index}}" }],
        expect: { status: [[200, 200]], body: { pattern: `^POST 127.0.0.1:${server.port} n\\d+$` } },
        recordHeaders: ["x-pod-name"],
      });
      assert.deepEqual([report.ok, report.failed], [100, 0], JSON.stringify(report.failures.slice(0, 3)));
      assert.equal(report.answeredBy["pod-1"]?.ok, 100);
      assert.equal(sessions, 2);
      assert.ok(most > 2, `${most} at a time`);
    });
  }

  it("HTTP/2, and tells apart what becomes of its streams and sessions", async () => {
    const deeds: Readonly<Record<string, (stream: ServerHttp2Stream) => void>> = {
      "/ok": (stream) => (stream.respond({ ":status": 200 }), stream.end("ok")),
      "/503": (stream) => (stream.respond({ ":status": 503 }), stream.end()),
      "/reset": (stream) => stream.close(http2.constants.NGHTTP2_REFUSED_STREAM),
      "/reset-mid": (stream) => {
        stream.respond({ ":status": 200 });
        // close() alone ends the answer in good order first.
        Object.assign(stream, { end: () => stream });
        stream.write("half", () => stream.close(http2.constants.NGHTTP2_INTERNAL_ERROR));
      },
      "/stall": () => undefined,
      "/cut": (stream) => void socketOf(stream).destroy(),
    };
    const plain = http2.createServer();
    plain.on("stream", (stream, headers) => {
      stream.on("error", () => undefined);
      deeds[String(headers[":path"])]?.(stream);
    });
    await using server = await listening(plain);
    const targets = Object.keys(deeds).map((name): Target => ({
      ...targetOf(`http://127.0.0.1:${server.port}${name}`),
      name,
      protocol: "h2",
    }));
    const report = await run(targets, {
      maxRequests: 60,
      keepAliveConnections: 1,
      responseTimeoutMs: 700,
      // One at a time on each target's session, so that a cut session takes no other request along.
      pace: steady(100),
    });
    const byTarget: Record<string, Set<string>> = {};
    for (const each of report.failures)
      (byTarget[each.target] ??= new Set()).add(`${each.class} ${each.detail ?? ""}`.trim());
    assert.deepEqual(byTarget, {
      "/503": new Set(["bad-status"]),
      "/reset": new Set(["reset-before-answer RST_STREAM REFUSED_STREAM"]),
      "/reset-mid": new Set(["reset-mid-answer RST_STREAM INTERNAL_ERROR"]),
      "/stall": new Set(["response-timeout"]),
      "/cut": byTarget["/cut"],
    });
    for (const text of byTarget["/cut"] ?? []) assert.match(text, /^(closed|reset)-before-answer/);
    assert.deepEqual([report.ok, report.failed], [10, 50]);
  });

  it("HTTP/2 to a session that says GOAWAY: those it took are answered, and later ones go to another session", async () => {
    let sessions = 0;
    let answered = 0;
    const plain = http2.createServer((_request, response) => {
      answered += 1;
      response.end("ok");
    });
    plain.on("session", (session) => {
      sessions += 1;
      let streams = 0;
      session.on("stream", () => {
        streams += 1;
        if (streams === 10) session.close();
      });
    });
    await using server = await listening(plain);
    const target: Target = { ...targetOf(`http://127.0.0.1:${server.port}/`), protocol: "h2" };
    const report = await run([target], { maxRequests: 50, keepAliveConnections: 1, pace: steady(100) });
    // A request that crosses the GOAWAY is given back; a generator that sent it again would hide that.
    for (const { class: failure, detail } of report.failures)
      assert.equal(`${failure} ${detail}`, "closed-before-answer given back by GOAWAY");
    assert.deepEqual([report.ok, report.ok + report.failed], [answered, 50]);
    assert.ok(sessions >= 4, `${sessions} sessions`);
  });
});

describe("the load generator treats connections as its clients say", () => {
  it("closes them after so many uses, or at such an age", async () => {
    const seen = new Map<Socket, number>();
    await using server = await listening(http.createServer(countUses(seen)));
    const target = targetOf(`http://127.0.0.1:${server.port}/`);
    const report = await run([target], {
      clients: ["max-uses"],
      maxUses: 5,
      keepAliveConnections: 1,
      maxRequests: 50,
      pace: steady(200),
    });
    assert.deepEqual([report.ok, report.failed], [50, 0]);
    assert.equal(Math.max(...seen.values()), 5);
    seen.clear();
    const aged = await run([target], {
      clients: ["max-age"],
      maxAgeMs: 200,
      keepAliveConnections: 1,
      maxRequests: 200,
      pace: steady(200),
    });
    assert.deepEqual([aged.ok, aged.failed], [200, 0]);
    assert.ok(seen.size >= 4, `${seen.size} connections in a second`);
  });

  it("gives targets and requests their shares, and fills in placeholders", async () => {
    const seen = new Map<string, number>();
    const texts = new Set<string>();
    const listener: RequestListener = (request, response) => {
      const key = `${request.method} ${request.headers.host}`;
      seen.set(key, (seen.get(key) ?? 0) + 1);
      texts.add(`${request.url} ${String(request.headers["x-id"])}`);
      response.end();
    };
    await using server = await listening(http.createServer(listener));
    const targets = [3, 1].map((weight): Target => ({
      ...targetOf(`http://127.0.0.1:${server.port}/{{index}}`),
      name: `t${weight}`,
      hostHeader: `t${weight}.example`,
      weight,
    }));
    const report = await run(targets, {
      requests: [
        { method: "GET", headers: [["x-id", "{{uuid}}"]], weight: 4 },
        { method: "PUT", path: "/put/{{token}}", body: "x" },
      ],
      maxRequests: 100,
      pace: steady(500),
    });
    assert.deepEqual([report.ok, report.failed], [100, 0]);
    assert.deepEqual(Object.fromEntries(seen), {
      "GET t3.example": 60,
      "PUT t3.example": 15,
      "GET t1.example": 20,
      "PUT t1.example": 5,
    });
    assert.equal(texts.size, 100);
    assert.deepEqual([report.byTarget["t3"]?.ok, report.byTarget["t1"]?.ok], [75, 25]);
  });

  it("shares one schedule between its processes, and adds up what they saw", async () => {
    const numbers: number[] = [];
    await using server = await listening(
      http.createServer((request, response) => {
        numbers.push(Number(request.headers["x-index"]));
        response.end();
      }),
    );
    const plan = planOf([targetOf(`http://127.0.0.1:${server.port}/`)], {
      workers: 3,
      maxRequests: 600,
      pace: steady(300),
      requests: [{ method: "GET", headers: [["x-index", "{{index}}"]] }],
    });
    await using load = await startLoad(plan);
    assert.equal(load.processIds.length, 3);
    let fromIntervals = 0;
    for await (const interval of load.intervals()) fromIntervals += interval.ok;
    const report = await load.report;
    assert.deepEqual(
      numbers.toSorted((a, b) => a - b),
      Array.from({ length: 600 }, (_, i) => i),
    );
    assert.deepEqual(
      [report.ok, report.scheduled, fromIntervals, report.latency.count],
      [600, 600, 600, 600],
    );
    assert.equal(
      report.histograms.latency.counts.reduce((sum, each, at) => sum + (at % 2 === 1 ? each : 0), 0),
      600,
    );
  });

  it("in a closed loop keeps so many under way, and says that it was one", async () => {
    let most = 0;
    let open = 0;
    await using server = await listening(
      http.createServer((_request, response) => {
        most = Math.max(most, ++open);
        setTimeout(() => (open--, response.end()), 2);
      }),
    );
    const target = targetOf(`http://127.0.0.1:${server.port}/`);
    const pace = { kind: "closed", concurrency: 6, durationMs: 60_000 } as const;
    const report = await run([target], { pace, maxRequests: 300, workers: 2 });
    assert.deepEqual([report.ok, report.failed, report.loop], [300, 0, "closed"]);
    assert.ok(most <= 6, `${most} at a time`);
    assert.equal(report.connections.opened, 6);
  });

  it("does not send more than may be under way, and then proves nothing", async () => {
    await using server = await listening(http.createServer(() => undefined));
    const target = targetOf(`http://127.0.0.1:${server.port}/`);
    const report = await run([target], { maxRequests: 50, maxInFlight: 10, responseTimeoutMs: 1_500 });
    assert.deepEqual([report.failed, report.unsent], [10, 40]);
    assert.deepEqual(report.classes, { "response-timeout": 10 });
    assert.match(report.generator.why ?? "", /40 requests were not sent: 10 requests were under way already/);
  });
});

describe("the load generator does not begin", () => {
  const refused = async (plan: LoadPlan, code: string, text: RegExp): Promise<void> => {
    await assert.rejects(
      startLoad(plan),
      (error) => error instanceof SeaworthyError && error.code === code && text.test(error.message),
    );
  };

  it("for a name without an address", async () => {
    await refused(planOf([targetOf("http://nobody.invalid/")]), "SW5003", /nobody\.invalid has no address/);
  });

  it("for a certificate that cannot be trusted, and does for one that may be anything", async () => {
    await using server = await listening(https.createServer(pair, ok));
    const url = `https://localhost:${server.port}/`;
    await refused(planOf([targetOf(url)]), "SW5005", /self-signed certificate/);
    const wrongName = { ca: pair.cert, serverName: "other.example" };
    await refused(planOf([targetOf(url, wrongName)]), "SW5005", /other\.example/);
    const report = await run([targetOf(url, { insecure: true })], { maxRequests: 20 });
    assert.deepEqual([report.ok, report.failed], [20, 0]);
  });

  it("with keys that cannot be read", async () => {
    await refused(planOf([targetOf("https://127.0.0.1:1/", { ca: "nonsense" })]), "SW5001", /cannot be read/);
  });
});

function steady(rate: number): LoadPlan["pace"] {
  return steadyPace(rate, 30_000);
}

function planOf(targets: readonly Target[], changes: Partial<LoadPlan> = {}): LoadPlan {
  // These tests look at outcomes, on machines that do other things, too.
  return createPlan({ targets, pace: steady(400), maxLagP99Ms: 10_000, keepAliveConnections: 3, ...changes });
}

async function run(targets: readonly Target[], changes: Partial<LoadPlan>): Promise<LoadReport> {
  await using load = await startLoad(planOf(targets, changes));
  return await load.report;
}

function countUses(seen: Map<Socket, number>) {
  return (request: IncomingMessage, response: ServerResponse): void => {
    seen.set(request.socket, (seen.get(request.socket) ?? 0) + 1);
    response.end("hello");
  };
}

function socketOf(stream: ServerHttp2Stream): Socket {
  // A session's `socket` is a stand-in that refuses to be destroyed.
  const session = stream.session as unknown as Record<symbol, Socket>;
  const key = Object.getOwnPropertySymbols(session).find((each) => each.description === "socket") as symbol;
  return session[key] as Socket;
}

/** Starts a server on loopback, and cuts what is left of it in the end. */
async function listening(
  server: Server | http2.Http2Server,
  where: number | string = 0,
  host = "127.0.0.1",
): Promise<{ readonly port: number } & AsyncDisposable> {
  const sockets = new Set<Socket>();
  server.on("connection", (socket: Socket) => {
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket)).on("error", () => undefined);
  });
  if (typeof where === "string") server.listen(where);
  else server.listen(where, host);
  await once(server, "listening");
  let closed = false;
  return {
    port: (server.address() as AddressInfo).port,
    [Symbol.asyncDispose]: async () => {
      if (closed) return;
      closed = true;
      server.close();
      for (const socket of sockets) socket.destroy();
      await once(server, "close");
    },
  };
}
