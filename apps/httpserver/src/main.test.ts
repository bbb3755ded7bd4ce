import assert from "node:assert/strict";
import { once } from "node:events";
import { Agent, get, request, type IncomingMessage } from "node:http";
import { connect } from "node:http2";
import { test } from "node:test";
import { WebSocket } from "ws";
import { createTlsVolume } from "./testing/tls-volume.ts";
import { runServerProcess, startServerProcess } from "./testing/server-process.ts";
import { settingNames, settingsTable } from "./settings/settings.ts";

async function ask(
  origin: string,
  agent: Agent | false,
  headers: Record<string, string> = {},
  body?: string,
) {
  const method = body === undefined ? "GET" : "POST";
  const sent = request(`${origin}/any`, { agent, method, headers }).end(body);
  const [response] = (await once(sent, "response")) as [IncomingMessage];
  const text = (await response.setEncoding("utf8").toArray()).join("");
  return { status: response.statusCode, headers: response.headers, text };
}

test("it echoes headers and bodies under its own name and version", async () => {
  await using server = await startServerProcess({ VERSION: "7", POD_NAME: "pod-a" });
  const headers = {
    "x-one": "1",
    version: "mine",
    cookie: "c=1",
    "x-seaworthy-token": "t",
    "content-type": "text/x",
  };
  const answer = await ask(server.origin, false, headers, "body");
  assert.equal(answer.text, "body");
  assert.equal(answer.headers["x-one"], "1");
  assert.equal(answer.headers["version"], "7");
  assert.equal(answer.headers["x-pod-name"], "pod-a");
  assert.equal(answer.headers["x-seaworthy-echo"], "t");
  assert.equal(answer.headers["content-type"], "text/x");
  assert.equal(answer.headers["cookie"], undefined);
});

test("a body that is too large has a 413 and the service lives on", async () => {
  await using server = await startServerProcess();
  assert.equal((await ask(server.origin, false, {}, "x".repeat(1024 * 1024 + 1))).status, 413);
  assert.equal((await ask(server.origin, false)).status, 200);
});

test("SIGTERM under keep-alive and new-connection load loses nothing, and it exits 0", async () => {
  await using server = await startServerProcess({ DRAIN_MS: "600", QUIET_MS: "100", GRACE_MS: "5000" });
  const agents = Array.from({ length: 10 }, () => new Agent({ keepAlive: true, maxSockets: 1 }));
  // As in a cluster: new connections come until the endpoint is gone, old ones go on until they are told to close.
  let endpointGone = false;
  let answered = 0;
  async function keepAliveClient(agent: Agent): Promise<void> {
    for (;;) {
      const answer = await ask(server.origin, agent);
      assert.equal(answer.status, 200);
      answered += 1;
      if (answer.headers.connection === "close" && endpointGone) return;
    }
  }
  async function newConnectionClient(): Promise<void> {
    while (!endpointGone) {
      assert.equal((await ask(server.origin, false, {}, "hello")).text, "hello");
      answered += 1;
    }
  }
  const clients = [...agents.map(keepAliveClient), newConnectionClient(), newConnectionClient()];
  while (answered < 200) await new Promise((resolve) => setImmediate(resolve));
  server.kill("SIGTERM");
  setTimeout(() => (endpointGone = true), 250);
  await Promise.all(clients);
  for (const agent of agents) agent.destroy();
  assert.equal(await server.exited, 0);
  const { servedWhileDraining } = await server.logged(({ msg }) => msg === "stopped");
  assert.ok(Number(servedWhileDraining) > 0);
});

test("a WebSocket goes on while the server drains, and is closed with 1001 in the end", async () => {
  await using server = await startServerProcess({ DRAIN_MS: "500" });
  const client = new WebSocket(`${server.origin}/ws/echo`);
  await once(client, "open");
  server.kill("SIGTERM");
  await server.logged(({ msg }) => msg === "draining");
  client.send("still here");
  const [data] = (await once(client, "message")) as [Buffer];
  assert.equal(String(data), "still here");
  const [code] = (await once(client, "close")) as [number];
  assert.equal(code, 1001);
  assert.equal(await server.exited, 0);
});

test("a request that does not end in time is cut, and report, log and exit code say so", async () => {
  using volume = createTlsVolume();
  await using server = await startServerProcess({
    H2C_PORT: "0",
    HTTPS_PORT: "0",
    TLS_DIR: volume.path,
    GRACE_MS: "300",
    HOOKS_MS: "0",
    FLUSH_MS: "0",
  });
  const [, h2cPort, httpsPort] = server.ports;
  const sessions = [
    connect(`http://127.0.0.1:${h2cPort}`),
    connect(`https://127.0.0.1:${httpsPort}`, { ca: volume.ca }),
  ];
  const requests = [
    get(`${server.origin}/delay/31`),
    ...sessions.map((session, index) => session.request({ ":path": `/delay/${32 + index}` })),
  ];
  for (const each of requests) each.on("error", () => undefined);
  const closed = requests.map((each) => new Promise((resolve) => each.once("close", resolve)));
  const active = /^http_server_active_requests 4$/m; // With the scrape.
  while (!active.test(await (await fetch(`${server.origin}/metrics`)).text()));
  server.kill("SIGTERM");
  await Promise.all(closed);
  assert.equal(await server.exited, 1);
  const stopped = await server.logged(({ msg }) => msg === "stopped");
  assert.equal((stopped["cut"] as { requests: number }).requests, 3);
  const lines = server.lines.filter(({ ending }) => ending === "cut");
  assert.deepEqual(
    lines.map(({ path, status }) => [path, status]).sort(),
    [31, 32, 33].map((seconds) => [`/delay/${seconds}`, 503]),
  );
});

test("an administrator crashes it, and it exits 1", async () => {
  await using server = await startServerProcess({ ADMIN: "true", ALLOW_PANIC: "true" });
  const answer = await fetch(`${server.origin}/panic`, { method: "POST" });
  assert.equal(answer.status, 202);
  assert.equal(await server.exited, 1);
  assert.match(server.stderr(), /"msg":"crash".*POST \/panic asked for this crash/);
  const { reason } = await server.logged(({ msg }) => msg === "stopped");
  assert.equal(reason, "uncaughtException");
});

test("faults on every path leave the administrator a way to end them", async () => {
  const FAULTS = JSON.stringify([{ errorPercent: 100, errorStatuses: [500] }]);
  await using server = await startServerProcess({ ADMIN: "true", FAULTS });
  assert.equal((await ask(server.origin, false)).status, 500);
  assert.equal((await fetch(`${server.origin}/faults/disable`, { method: "POST" })).status, 200);
  assert.equal((await ask(server.origin, false)).status, 200);
});

test("--help names every flag", () => {
  const { status, stdout, stderr } = runServerProcess(["--help"]);
  assert.deepEqual([status, stderr], [0, ""]);
  const known = settingNames.filter((name) => !settingsTable[name].secret);
  const flags = known.map((name) => name.replaceAll(/(?<=[a-z\d])(?=[A-Z])/g, "-").toLowerCase());
  const missing = flags.filter((flag) => !new RegExp(`^  --(no-)?${flag}( |$)`, "m").test(stdout));
  assert.deepEqual(missing, []);
});

test("a flag that is not known, and a value that cannot be, are told with what to do, and it exits 2", () => {
  assert.deepEqual(runServerProcess(["--prot", "1"]), {
    status: 2,
    stdout: "",
    stderr: "error[SW8002]: unknown flag --prot\n  next  did you mean --port?\n",
  });
  const { status, stderr } = runServerProcess([], { PORT: "x" });
  assert.deepEqual(
    [status, stderr],
    [2, 'error[SW8001]: PORT cannot be "x"\n  next  use a whole number from 0 to 65535\n'],
  );
});
