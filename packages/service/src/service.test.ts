import assert from "node:assert/strict";
import { once } from "node:events";
import { Agent, get, type IncomingMessage, type ServerResponse } from "node:http";
import { connect } from "node:net";
import { test } from "node:test";
import { startService } from "./testing/start-service.ts";

interface Answer {
  readonly status: number | undefined;
  readonly connection: string | undefined;
  readonly body: string;
}

async function ask(port: number, path = "/", agent: Agent | false = false, headers = {}): Promise<Answer> {
  const [response] = (await once(get({ host: "127.0.0.1", port, path, agent, headers }), "response")) as [
    IncomingMessage,
  ];
  const body = (await response.setEncoding("utf8").toArray()).join("");
  return { status: response.statusCode, connection: response.headers.connection, body };
}

test("it is ready once it listens and all start-up tasks have ended, and alive all along", async (t) => {
  const task = Promise.withResolvers<void>();
  const { service, port } = await startService(t, {}, undefined, (service) =>
    service.startup("warm cache", () => task.promise),
  );
  assert.deepEqual([service.phase, service.isReady], ["starting", false]);
  assert.equal((await ask(port, "/readyz")).status, 503);
  assert.equal((await ask(port, "/startupz")).status, 503);
  assert.equal((await ask(port, "/livez")).status, 200);
  task.resolve();
  await task.promise;
  await new Promise((resolve) => setImmediate(resolve));
  assert.deepEqual([service.phase, service.isReady], ["ready", true]);
  assert.equal((await ask(port, "/readyz")).status, 200);
  service.setReady(false);
  assert.equal((await ask(port, "/readyz")).status, 503);
  assert.equal((await ask(port, "/livez")).status, 200);
});

test("a start-up task that fails ends the service with 1 and says which", async (t) => {
  const { exited, lines } = await startService(t, {}, undefined, (service) =>
    service.startup("migrate", () => Promise.reject(new Error("no such table"))),
  );
  assert.equal(await exited, 1);
  const line = lines().find(({ code }) => code === "SW8007");
  assert.match(String(line?.["msg"]), /migrate failed: no such table/);
});

test("SIGTERM during start-up aborts the tasks and does not wait for traffic", async (t) => {
  let aborted = false;
  const { process, exited, lines } = await startService(
    t,
    { drainMs: 60_000, drainMaxMs: 60_000, graceMs: 90_000 },
    undefined,
    (service) =>
      service.startup("slow", async (signal) => {
        await once(signal, "abort");
        aborted = true;
        throw new Error("given up");
      }),
  );
  process.emit("SIGTERM", "SIGTERM");
  assert.equal(await exited, 0);
  assert.equal(aborted, true);
  assert.equal(
    lines().some(({ code }) => code === "SW8007"),
    false,
  );
});

for (const [readinessOnShutdown, status] of [
  ["fail", 503],
  ["keep", 200],
] as const) {
  test(`while it drains, readiness is ${readinessOnShutdown === "keep" ? "kept" : "failed"} and requests are served with close`, async (t) => {
    const { process, port, exited, service } = await startService(t, { readinessOnShutdown, drainMs: 500 });
    process.emit("SIGTERM", "SIGTERM");
    assert.equal(service.phase, "draining");
    assert.equal((await ask(port, "/readyz")).status, status);
    assert.equal((await ask(port, "/livez")).status, 200);
    assert.deepEqual(await ask(port), { status: 200, connection: "close", body: "ok" });
    assert.equal(await exited, 0);
    assert.equal(service.phase, "stopped");
  });
}

test("a request that does not end in time is cut, told in the report, and logged", async (t) => {
  const { process, port, exited, lines } = await startService(
    t,
    { graceMs: 700, hooksMs: 100, flushMs: 100 },
    () => undefined,
  );
  const request = get({ host: "127.0.0.1", port, path: "/report?secret=1" });
  const failed = once(request, "error");
  while (lines().every(({ msg }) => msg !== "ready")) await new Promise((resolve) => setImmediate(resolve));
  await once(request, "socket");
  await ask(port, "/livez"); // By now the server has read the request before it.
  process.emit("SIGTERM", "SIGTERM");
  await failed;
  assert.equal(await exited, 1);
  const stopped = lines().find(({ msg }) => msg === "stopped");
  const cut = stopped?.["cut"] as { requests: number; examples: { path: string; method: string }[] };
  assert.equal(cut.requests, 1);
  assert.deepEqual([cut.examples[0]?.method, cut.examples[0]?.path], ["GET", "/report"]);
  const line = lines().find(({ msg, path }) => msg === "request" && path === "/report");
  assert.equal(line?.["ending"], "cut");
});

test("hooks run last added first, each within its time, and a failing one does not stop the others", async (t) => {
  const order: string[] = [];
  const { process, exited, lines } = await startService(t, {}, undefined, (service) => {
    service.onShutdown("database", () => void order.push("database"));
    service.onShutdown("broken", () => {
      order.push("broken");
      throw new Error("no");
    });
    service.onShutdown("hangs", () => new Promise(() => undefined), { timeoutMs: 60 });
    service.onShutdown("queue", async () => {
      await Promise.resolve();
      order.push("queue");
    });
  });
  process.emit("SIGTERM", "SIGTERM");
  assert.equal(await exited, 1);
  assert.deepEqual(order, ["queue", "broken", "database"]);
  const hooks = lines().find(({ msg }) => msg === "stopped")?.["hooks"] as {
    name: string;
    outcome: string;
  }[];
  assert.deepEqual(
    hooks.map(({ name, outcome }) => [name, outcome]),
    [
      ["queue", "done"],
      ["hangs", "timed out"],
      ["broken", "failed"],
      ["database", "done"],
    ],
  );
});

test("a second signal exits at once, unless it is to be ignored", async (t) => {
  const hasty = await startService(t, { drainMs: 1_500 });
  hasty.process.emit("SIGTERM", "SIGTERM");
  hasty.process.emit("SIGINT", "SIGINT");
  assert.equal(await hasty.exited, 1);
  assert.equal(hasty.service.phase, "draining");

  const patient = await startService(t, { secondSignal: "ignore" });
  patient.process.emit("SIGTERM", "SIGTERM");
  patient.process.emit("SIGTERM", "SIGTERM");
  assert.equal(await patient.exited, 0);
});

test("an exception that nobody caught ends the service with 1 after the requests under way", async (t) => {
  const held = Promise.withResolvers<ServerResponse>();
  const { process, port, exited, service } = await startService(
    t,
    { crashGraceMs: 2_000 },
    (_request, response) => held.resolve(response),
  );
  const answer = ask(port);
  const response = await held.promise;
  process.emit("uncaughtException", new Error("bug"), "uncaughtException");
  assert.equal(service.isReady, false);
  response.end("late");
  assert.equal((await answer).body, "late");
  assert.equal(await exited, 1);
});

test("a keep-alive client is told to close before its connection is, and idle ones are ended at last", async (t) => {
  const { process, port, exited, server } = await startService(t, { drainMs: 200 });
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  t.after(() => agent.destroy());
  assert.equal((await ask(port, "/", agent)).connection, "keep-alive");
  const idle = connect(port, "127.0.0.1").resume();
  const ended = once(idle, "close");
  await once(idle, "connect");
  idle.write("GET / HTTP/1.1\r\nhost: a\r\n\r\n");
  await once(idle, "data");
  process.emit("SIGTERM", "SIGTERM");
  assert.equal((await ask(port, "/", agent)).connection, "close");
  await ended;
  assert.equal(await exited, 0);
  assert.equal(server.listening, false);
});

test("pipelined requests are all answered when the drain begins among them, and the last says close", async (t) => {
  const held: ServerResponse[] = [];
  const both = Promise.withResolvers<void>();
  const { process, port, exited } = await startService(t, {}, (_request, response) => {
    held.push(response);
    if (held.length === 2) both.resolve();
  });
  const socket = connect(port, "127.0.0.1").setEncoding("utf8");
  socket.write("GET /1 HTTP/1.1\r\nhost: a\r\n\r\nGET /2 HTTP/1.1\r\nhost: a\r\n\r\n");
  await both.promise;
  process.emit("SIGTERM", "SIGTERM");
  held.forEach((response, index) => response.end(`answer ${index + 1}`));
  const text = (await socket.toArray()).join("");
  assert.match(text, /keep-alive[\s\S]*answer 1[\s\S]*Connection: close[\s\S]*answer 2$/);
  assert.equal(await exited, 0);
});

test("the access log has one line per request, also for one that the client gave up and for no probe", async (t) => {
  const { port, lines } = await startService(t, { trustProxy: "true" }, (request, response) => {
    if (request.url !== "/never") response.end("ok");
  });
  await ask(port, "/a?token=secret", false, {
    "x-forwarded-for": "203.0.113.9, 198.51.100.7",
    traceparent: `00-${"a".repeat(32)}-${"b".repeat(16)}-01`,
  });
  await ask(port, "/livez");
  const given = get({ host: "127.0.0.1", port, path: "/never" }).on("error", () => undefined);
  await once(given, "socket");
  await ask(port, "/b");
  given.destroy();
  while (lines().filter(({ msg }) => msg === "request").length < 3)
    await new Promise((resolve) => setImmediate(resolve));
  const requests = lines().filter(({ msg }) => msg === "request");
  assert.deepEqual(requests.map(({ path, ending }) => [path, ending]).sort(), [
    ["/a", undefined],
    ["/b", undefined],
    ["/never", "aborted"],
  ]);
  const [first] = requests;
  assert.deepEqual(
    [first?.["client"], first?.["status"], first?.["traceId"], first?.["method"]],
    ["198.51.100.7", 200, "a".repeat(32), "GET"],
  );
  assert.equal(JSON.stringify(lines()).includes("secret"), false);
});

test("the log's level changes while it runs, for children as well", async (t) => {
  const { service, process, lines } = await startService(t);
  const child = service.log.child({ part: "db" });
  child.debug("not yet");
  process.emit("SIGUSR2", "SIGUSR2");
  child.debug("now");
  process.emit("SIGUSR2", "SIGUSR2");
  child.debug("not any more");
  service.logLevel = "debug";
  child.debug("again");
  assert.deepEqual(
    lines()
      .filter(({ part }) => part === "db")
      .map(({ msg }) => msg),
    ["now", "again"],
  );
});

test("the environment has the last word, and a value that cannot be is refused by name", async (t) => {
  const { port } = await startService(t, { probes: true, env: { PROBES: "false" } });
  assert.equal((await ask(port, "/readyz")).body, "ok"); // The application's own answer.
  await assert.rejects(startService(t, { env: { DRAIN_MS: "5s" } }), /DRAIN_MS/);
});
