import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer, type ServerResponse } from "node:http";
import { connect, type AddressInfo, type Socket } from "node:net";
import { test, type TestContext } from "node:test";
import {
  createPlan,
  loadReportAsData,
  formatSummary,
  startLoad,
  steadyPace,
  targetOf,
  type LoadReport,
  type StartLoadOptions,
  type StreamTemplate,
  type Target,
} from "@seaworthy/load";
import { readFileSync } from "node:fs";
import { schemaProblems, type Schema } from "../../packages/load/src/testing/schema-problems.ts";

const schema = JSON.parse(readFileSync("docs/schemas/load-v1.schema.json", "utf8")) as Schema;

test("streams are held beside the requests, and how each ends is told", async (context) => {
  const server = await news(context);
  const { report, plan } = await run(
    [targetOf(`http://127.0.0.1:${server.port}/`)],
    [{ kind: "sse", path: "/events", connections: 4 }],
    async () => {
      await server.until(4);
      server.end((answer) => answer.end());
      await server.until(8);
      server.end((answer) => answer.destroy());
      await server.until(12);
    },
  );
  const [only, ...more] = report.streams;
  assert.deepEqual(more, []);
  assert.deepEqual(
    [only?.connections, only?.opened, only?.announced, only?.broken, only?.refused],
    [4, 12, 4, 4, 0],
  );
  assert.deepEqual(report.streamEnds.map(({ end, detail }) => `${end}: ${detail}`).sort(), [
    ...Array<string>(4).fill("announced: end of the answer"),
    ...Array<string>(4).fill("broken: ECONNRESET"),
  ]);
  assert.ok(
    report.streamEnds.every(
      ({ withoutMs, headers }) => withoutMs !== undefined && headers?.["x-pod-name"] === "a",
    ),
  );
  assert.deepEqual(
    report.unendedStreams.map(({ end, headers }) => `${end} by ${headers?.["x-pod-name"]}`),
    Array<string>(4).fill("kept by a"),
  );
  assert.deepEqual([report.failed, report.ok > 0], [0, true]);
  const data = JSON.parse(JSON.stringify(loadReportAsData(report, plan))) as Record<string, unknown>;
  assert.deepEqual([schemaProblems(data, schema), data["verdict"]], [[], "failures"]);
  assert.match(formatSummary(report, plan), /4 streams: 4 ended with an announcement, 4 broken\n/);
});

test("a client that does not get its stream back counts to the end of the run", async (context) => {
  const server = await news(context);
  const { report } = await run(
    [targetOf(`http://127.0.0.1:${server.port}/`)],
    [{ kind: "sse", path: "/events", connections: 2 }],
    async () => {
      await server.until(2);
      server.refuses = true;
      server.end((answer) => answer.end());
      await server.untilRefused(2);
    },
  );
  assert.deepEqual(
    report.streamEnds.map(({ end, withoutMs }) => [end, withoutMs]),
    [
      ["announced", undefined],
      ["announced", undefined],
    ],
  );
  assert.equal(report.streams[0]?.refusal, "status 503");
  const refused = { end: "refused", detail: "status 503", withoutMs: undefined };
  assert.deepEqual(
    report.unendedStreams.map(({ end, detail, withoutMs }) => ({ end, detail, withoutMs })),
    [refused, refused],
    "one for each client, however often it tried",
  );
});

test("streams go over connections that somebody else opens, and none that opens is a failure", async (context) => {
  const server = await news(context);
  const target: Target = { name: "service", via: { kind: "dialed" }, hostHeader: "news.example", path: "/" };
  const dial: StartLoadOptions["dial"] = async () => {
    const socket = connect(server.port, "127.0.0.1");
    await once(socket, "connect");
    return { socket, peer: "10.0.0.1:8080" };
  };
  const streams = [
    { kind: "sse", path: "/events", connections: 2 },
    { kind: "websocket", path: "/none", connections: 3 },
  ] as const;
  const { report, plan } = await run(
    [target],
    streams,
    async () => {
      await server.until(2);
      server.end((answer) => (answer.socket as Socket).resetAndDestroy());
      await server.until(4);
    },
    { dial },
  );
  assert.deepEqual(
    report.streamEnds.map(({ end, peer }) => [end, peer]),
    [
      ["broken", "10.0.0.1:8080"],
      ["broken", "10.0.0.1:8080"],
    ],
  );
  assert.deepEqual([report.streams[1]?.opened, report.streams[1]?.refusal], [0, "status 404"]);
  assert.match(formatSummary(report, plan), /none could be opened at service \/none \(status 404\)/);
});

/** Runs a load for as long as `act` takes. */
async function run(
  targets: readonly Target[],
  streams: readonly StreamTemplate[],
  act: () => Promise<void>,
  options: StartLoadOptions = {},
): Promise<{ report: LoadReport; plan: ReturnType<typeof createPlan> }> {
  const plan = createPlan({
    targets,
    streams,
    pace: steadyPace(50, 60_000),
    maxLagP99Ms: 10_000,
    recordHeaders: ["x-pod-name"],
  });
  await using load = await startLoad(plan, options);
  await act();
  return { report: await load.stop(), plan };
}

/** A server with streams of events at /events, and how many were opened and refused so far. */
async function news(context: TestContext) {
  const open = new Set<ServerResponse>();
  const seen = { opened: 0, refused: 0 };
  const waiting = new Set<() => void>();
  const server = createServer((request, answer) => {
    if (request.url === "/none") return answer.writeHead(404).end();
    if (request.url !== "/events") return answer.end("ok");
    seen[news.refuses ? "refused" : "opened"] += 1;
    for (const look of waiting) look();
    if (news.refuses) return answer.writeHead(503).end();
    answer.writeHead(200, { "content-type": "text/event-stream", "x-pod-name": "a" }).write("data: 1\n\n");
    open.add(answer.on("close", () => open.delete(answer)));
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  context.after(() => {
    server.close();
    server.closeAllConnections();
  });
  const until = async (is: () => boolean) => {
    while (!is()) {
      const { promise, resolve } = Promise.withResolvers<void>();
      waiting.add(resolve);
      await promise;
      waiting.delete(resolve);
    }
  };
  const news = {
    port: (server.address() as AddressInfo).port,
    refuses: false,
    end(deed: (answer: ServerResponse) => void) {
      for (const answer of open) deed(answer);
    },
    until: (count: number) => until(() => seen.opened >= count),
    untilRefused: (count: number) => until(() => seen.refused >= count),
  };
  return news;
}
