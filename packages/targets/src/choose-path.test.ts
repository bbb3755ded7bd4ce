import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer as createHttpServer, type RequestListener } from "node:http";
import { createServer, type AddressInfo, type Server, type Socket } from "node:net";
import { describe, it, type TestContext } from "node:test";
import { choosePath, type Responder, type WaitingClock } from "./choose-path.ts";
import { dialTcp } from "./dial-tcp.ts";

/** A pod that answers each path with a status, or a list of them in turn; 404 for what it does not know. */
function answering(statuses: Readonly<Record<string, number | readonly number[]>>): RequestListener {
  const times = new Map<string, number>();
  return (request, response) => {
    const path = request.url ?? "/";
    const time = times.get(path) ?? 0;
    times.set(path, time + 1);
    const status = statuses[path] ?? 404;
    response
      .writeHead(typeof status === "number" ? status : (status[Math.min(time, status.length - 1)] ?? 0))
      .end();
  };
}

const plain = (statuses: Parameters<typeof answering>[0]) => createHttpServer(answering(statuses));
const tcp = (serve: (socket: Socket) => void) =>
  createServer((socket) => serve(socket.on("error", () => {})));
const closing = () => tcp((socket) => socket.once("data", () => socket.end()));

const chosen: readonly [name: string, pods: () => Server[], expected: string][] = [
  ["the first that is answered well", () => [plain({ "/": 200, "/alive": 200 })], "/ 200-399"],
  ["a redirect is an answer", () => [plain({ "/shop": 302 })], "/shop 200-399"],
  [
    "not one that only some pods answer well",
    () => [plain({ "/shop": 200, "/alive": 204 }), plain({ "/alive": 200 })],
    "/alive 200-399",
  ],
  [
    "not one that is only answered at times",
    () => [plain({ "/shop": [200, 500, 200, 503, 500], "/": 200 })],
    "/ 200-399",
  ],
  [
    "a good one before one that is always refused",
    () => [plain({ "/shop": 401, "/": 403, "/alive": 200 })],
    "/alive 200-399",
  ],
  [
    "one that is always refused alike, when none is good",
    () => [plain({ "/shop": 500, "/": 401 }), plain({ "/shop": 500, "/": 401 })],
    "/ 401",
  ],
  ["405 and 404, too", () => [plain({ "/shop": 405 })], "/shop 405"],
  [
    "not one that pods refuse each in its own way",
    () => [plain({ "/shop": 401, "/": 403 }), plain({ "/shop": 403, "/": 403 })],
    "/ 403",
  ],
  ["what is good after a while", () => [plain({ "/shop": [503, 503, 200] })], "/shop 200-399"],
];
const without: readonly [name: string, pods: () => Server[], reason: string, seen: RegExp][] = [
  ["no pod speaks HTTP", () => [closing(), closing()], "not-http", /^GET \/shop closed without an answer$/],
  [
    "a pod takes requests and says nothing",
    () => [tcp((socket) => socket.resume())],
    "silent",
    /^GET \/shop no answer within 5 s$/,
  ],
  [
    "every path is answered with a mistake that is none of those",
    () => [plain({ "/shop": 400, "/": 400, "/alive": 410 })],
    "no-good-answer",
    /GET \/alive 410/,
  ],
  [
    "the server fails, and goes on failing",
    () => [plain({ "/shop": 500, "/": 502, "/alive": 503 })],
    "no-good-answer",
    /GET \/ 502/,
  ],
  [
    "one pod of the same workload refuses",
    () => [plain({ "/shop": 200 }), closing()],
    "no-good-answer",
    /200 by 1 of 2, closed without an answer by 1 of 2/,
  ],
];
describe("choosePath", { concurrency: true }, () => {
  for (const [name, pods, expected] of chosen) {
    it(`a path is taken: ${name}`, async (context) => {
      const choice = await choose(context, pods());
      assert.equal(choice.kind, "taken");
      const text = choice.kind === "taken" ? `${choice.path.path} ${choice.steady ?? "200-399"}` : "";
      assert.equal(text, expected);
    });
  }

  for (const [name, pods, reason, seen] of without) {
    it(`a route is left out: ${name}`, async (context) => {
      const choice = await choose(context, pods());
      assert.equal(choice.kind === "left-out" && choice.reason, reason);
      assert.ok(
        choice.kind === "left-out" && choice.seen.some((line) => seen.test(line)),
        JSON.stringify(choice),
      );
    });
  }

  it("no pod at all, and pods that refuse, are waited for; a stand-in without the port is not", async (context) => {
    const none = await choosePath(() => Promise.resolve([]), options({ timeoutMs: 300 }));
    assert.equal(none.kind === "left-out" && none.reason, "no-pods");
    const refusing = () => Promise.resolve([responder(closedPort)]);
    const refused = await choosePath(refusing, options({ timeoutMs: 300 }));
    assert.equal(refused.kind === "left-out" && refused.reason, "refused");
    const standIn = () => Promise.resolve([{ ...responder(closedPort), isStandIn: true, declares: false }]);
    const clock = quickClock();
    const hopeless = await choosePath(standIn, options({ timeoutMs: 30_000, clock }));
    assert.equal(hopeless.kind === "left-out" && hopeless.reason, "refused");
    assert.ok(clock.now() < 10_000);
    const late = plain({ "/shop": 200 });
    const port = await listening(context, late);
    let times = 0;
    const isUp = () => (times += 1) > 3;
    const waiting = () => Promise.resolve([responder(isUp() ? port : closedPort)]);
    assert.equal((await choosePath(waiting, options({ timeoutMs: 10_000 }))).kind, "taken");
  });

  it("a steady refusal is found, though the first round alone takes all the time", async (context) => {
    const port = await listening(context, plain({ "/shop": 403, "/": 403, "/alive": 403 }));
    let nowMs = 0;
    const slow: WaitingClock = { now: () => (nowMs += 5_000), wait: () => Promise.resolve() };
    const choice = await choosePath(
      () => Promise.resolve([responder(port)]),
      options({ timeoutMs: 1_000, clock: slow }),
    );
    assert.equal(choice.kind === "taken" && choice.steady, 403);
  });

  it("pods of another workload that do not serve are told apart, soon when they do not declare the port", async (context) => {
    const web = await listening(context, plain({ "/shop": 200 }));
    const database = await listening(context, closing());
    const pods = [
      { ...responder(web), name: "web-1", workload: "Deployment web" },
      { ...responder(closedPort), name: "worker-1", workload: "Deployment worker", declares: false },
      { ...responder(database), name: "db-1", workload: "StatefulSet db", declares: false },
    ];
    const clock = quickClock();
    const choice = await choosePath(() => Promise.resolve(pods), options({ timeoutMs: 30_000, clock }));
    assert.ok(clock.now() < 10_000);
    assert.deepEqual(choice.kind === "strangers" && choice.strangers.map(({ responder: { name } }) => name), [
      "worker-1",
      "db-1",
    ]);
    const declaring = pods.map((pod) => ({ ...pod, declares: true }));
    const patient = choosePath(() => Promise.resolve(declaring), options({ timeoutMs: 500 }));
    assert.equal((await patient).kind, "strangers");
  });
});

/** Nothing listens on port 1 of the loopback. */
const closedPort = 1;

/** Its time passes by waiting only, and at once: however slow the machine, as many questions are asked. */
function quickClock(): WaitingClock {
  let nowMs = 0;
  return {
    now: () => nowMs,
    wait: (ms) => {
      nowMs += ms;
      return Promise.resolve();
    },
  };
}

function options(changes: { readonly timeoutMs: number; readonly clock?: WaitingClock }) {
  return {
    clock: quickClock(),
    paths: ["/shop", "/", "/alive"].map((path) => ({ path, appPath: path })),
    hostHeader: "shop.example",
    steadyStatuses: [401, 403, 404, 405],
    signal: new AbortController().signal,
    ...changes,
  };
}

async function choose(context: TestContext, servers: readonly Server[]) {
  const ports = await Promise.all(servers.map((server) => listening(context, server)));
  const responders = ports.map((port) => responder(port));
  return await choosePath(() => Promise.resolve(responders), options({ timeoutMs: 1_000 }));
}

function responder(port: number): Responder {
  return {
    name: `pod-${port}`,
    workload: "Deployment web",
    declares: true,
    isStandIn: false,
    open: async (timeoutMs) => (await dialTcp("127.0.0.1", port, timeoutMs)).socket,
  };
}

async function listening(context: TestContext, server: Server): Promise<number> {
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  context.after(() => server.close());
  return (server.address() as AddressInfo).port;
}
