import assert from "node:assert/strict";
import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { Agent, request, type IncomingMessage } from "node:http";
import { createInterface } from "node:readline";
import { test, type TestContext } from "node:test";
import { fileURLToPath } from "node:url";

interface Service {
  readonly process: ChildProcess;
  readonly port: number;
  /** Resolves with the exit code. */
  readonly exited: Promise<number>;
}

/** Starts the real process on a free port and waits for its first log line. */
async function startService(t: TestContext, env: Record<string, string>): Promise<Service> {
  const main = fileURLToPath(new URL("./main.ts", import.meta.url));
  const child = spawn(process.execPath, [main], {
    env: { PATH: process.env["PATH"], PORT: "0", ...env },
    stdio: ["ignore", "pipe", "inherit"],
  });
  t.after(() => child.kill("SIGKILL"));
  const exited = once(child, "exit").then(([code]) => code as number);
  const lines = createInterface({ input: child.stdout });
  const [first] = (await once(lines, "line")) as [string];
  const { msg, port } = JSON.parse(first) as { msg: string; port: number };
  assert.equal(msg, "listening");
  return { process: child, port, exited };
}

async function ask(port: number, agent: Agent | false, headers: Record<string, string> = {}, body?: string) {
  const method = body === undefined ? "GET" : "POST";
  const sent = request({ port, host: "127.0.0.1", agent, method, headers, path: "/any" }).end(body);
  const [response] = (await once(sent, "response")) as [IncomingMessage];
  const text = (await response.setEncoding("utf8").toArray()).join("");
  return { status: response.statusCode, headers: response.headers, text };
}

test("it echoes headers and bodies under its own name and version", async (t) => {
  const service = await startService(t, { VERSION: "7", POD_NAME: "pod-a", DRAIN_MS: "0" });
  const headers = {
    "x-one": "1",
    version: "mine",
    cookie: "c=1",
    "x-seaworthy-token": "t",
    "content-type": "text/x",
  };
  const answer = await ask(service.port, false, headers, "body");
  assert.equal(answer.text, "body");
  assert.equal(answer.headers["x-one"], "1");
  assert.equal(answer.headers["version"], "7");
  assert.equal(answer.headers["x-pod-name"], "pod-a");
  assert.equal(answer.headers["x-seaworthy-echo"], "t");
  assert.equal(answer.headers["content-type"], "text/x");
  assert.equal(answer.headers["cookie"], undefined);
});

test("a body that is too large has a 413 and the service lives on", async (t) => {
  const service = await startService(t, {});
  assert.equal((await ask(service.port, false, {}, "x".repeat(1024 * 1024 + 1))).status, 413);
  assert.equal((await ask(service.port, false)).status, 200);
});

test("SIGTERM under keep-alive and new-connection load loses nothing, and it exits 0", async (t) => {
  const service = await startService(t, { DRAIN_MS: "600", GRACE_MS: "5000" });
  const agents = Array.from({ length: 10 }, () => new Agent({ keepAlive: true, maxSockets: 1 }));
  t.after(() => agents.forEach((agent) => agent.destroy()));
  // As in a cluster: new connections come until the endpoint is gone, old ones go on until they are told to close.
  let endpointGone = false;
  let answered = 0;
  async function keepAliveClient(agent: Agent): Promise<void> {
    for (;;) {
      const answer = await ask(service.port, agent);
      assert.equal(answer.status, 200);
      answered += 1;
      if (answer.headers.connection === "close" && endpointGone) return;
    }
  }
  async function newConnectionClient(): Promise<void> {
    while (!endpointGone) {
      assert.equal((await ask(service.port, false, {}, "hello")).text, "hello");
      answered += 1;
    }
  }
  const clients = [...agents.map(keepAliveClient), newConnectionClient(), newConnectionClient()];
  while (answered < 200) await new Promise((resolve) => setImmediate(resolve));
  service.process.kill("SIGTERM");
  setTimeout(() => (endpointGone = true), 250);
  await Promise.all(clients);
  assert.equal(await service.exited, 0);
});
