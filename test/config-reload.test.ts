import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { X509Certificate } from "node:crypto";
import { once } from "node:events";
import { Agent } from "node:https";
import { createInterface } from "node:readline";
import { test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { connect, createSecureContext } from "node:tls";
import { fileURLToPath } from "node:url";
import { createPlan, startLoad, steadyPace, type LoadPlan } from "@seaworthy/load";
import { askHttps } from "../packages/service/src/config/testing/ask-https.ts";
import { createKubeletVolume } from "../packages/service/src/config/testing/kubelet-volume.ts";
import { selfSigned, type KeyPair } from "@seaworthy/certificates";

// Configuration and certificates are replaced as the kubelet replaces them, under load, in a service of its own process.

const swaps = 1_000;
/** Ten seconds in all. The kubelet itself swaps at most about once a second. */
const swapEveryMs = 10;

const generation = (number: number) => ({
  "left.json": JSON.stringify({ generation: number }),
  "right.json": JSON.stringify({ generation: number }),
});
const secretOf = ({ cert, key }: KeyPair) => ({ "tls.crt": cert, "tls.key": key });
const firstPair = selfSigned();
const serverFile = fileURLToPath(new URL("./config-reload-server.ts", import.meta.url));

test("1,000 swaps under 2,000 requests/s: no answer of two generations, none lost, the last one served", async () => {
  await using service = await startService();
  const { configVolume, port } = service;
  await using load = await startLoad(planFor(port));
  let over = false;
  const checked = checkBodies(port, () => over);
  for (let swap = 1; swap <= swaps; swap += 1) {
    configVolume.write(generation(swap));
    await sleep(swapEveryMs);
  }
  await service.metricIs("config_last_reload_successful", 1);
  while ((await answerOf(port)).left !== swaps) await sleep(swapEveryMs);
  over = true;
  const report = await load.stop();
  const bodies = await checked;

  assert.equal(report.generator.valid, true, report.generator.why);
  assert.equal(report.failures.length, 0, JSON.stringify(report.failures.slice(0, 3)));
  assert.equal(report.ok, report.scheduled);
  assert.ok(report.ok >= (swaps * swapEveryMs * ratePerSecond) / 1_000, `only ${report.ok} requests`);
  const generations = Object.keys(report.answeredBy);
  assert.ok(generations.length >= 50, `only ${generations.length} generations were served`);
  assert.ok(bodies >= 100, `only ${bodies} bodies were checked`);
  assert.equal(await service.metric('config_reloads_total{result="failure"}'), 0);
  assert.equal(await service.stop(), 0);
});

test("a broken configuration keeps the last good one, and says so in the log and in metrics", async () => {
  await using service = await startService();
  const { configVolume, port } = service;
  configVolume.write({ ...generation(1), "right.json": '{"generation": 1' });
  const line = await service.logged((each) => each["code"] === "SW8004");
  assert.equal(line["msg"], "the configuration cannot be used, the last good one stays");
  assert.match(String(line["error"]), /is not valid: .*JSON/);
  assert.deepEqual(await answerOf(port), { left: 0, right: 0 });
  assert.equal(await service.metric("config_last_reload_successful"), 0);
  assert.equal(await service.metric('config_reloads_total{result="failure"}'), 1);
  configVolume.write(generation(2));
  await service.metricIs("config_last_reload_successful", 1);
  assert.deepEqual(await answerOf(port), { left: 2, right: 2 });
});

test("20 certificates under load: no request fails, and each is served to new connections", async () => {
  await using service = await startService();
  const { tlsVolume, securePort } = service;
  const pairs = Array.from({ length: 20 }, () => selfSigned());
  const secureContext = createSecureContext({ ca: [firstPair, ...pairs].map(({ cert }) => cert) });
  const trusting = { secureContext, servername: "localhost" };
  const agents = [true, false].map((keepAlive) => new Agent({ ...trusting, keepAlive }));
  let over = false;
  const clients = agents.flatMap((agent) => [1, 2].map(() => askHttps(securePort, agent, () => over)));
  for (const pair of pairs) {
    const { fingerprint256 } = new X509Certificate(pair.cert);
    tlsVolume.write(secretOf(pair));
    while ((await servedFingerprint(securePort, trusting)) !== fingerprint256) await sleep(1);
  }
  over = true;
  for (const { answers, failure } of await Promise.all(clients)) {
    assert.equal(failure, undefined);
    assert.ok(answers >= pairs.length, `only ${answers} answers`);
  }
  for (const agent of agents) agent.destroy();
  assert.equal(await service.metric('tls_reloads_total{result="success"}'), pairs.length);
});

const ratePerSecond = 2_000;

function planFor(port: number): LoadPlan {
  return createPlan({
    targets: [
      { name: "http", via: { kind: "tcp", host: "127.0.0.1", port }, hostHeader: "localhost", path: "/" },
    ],
    pace: steadyPace(ratePerSecond, 120_000),
    clients: ["keep-alive", "new-connection"],
    keepAliveConnections: 8,
    // It is about answers here and not about latency, on machines that do other things, too. A SYN that finds the queue
    // full is sent again after 1, 3, 7 and 15 seconds.
    connectTimeoutMs: 30_000,
    responseTimeoutMs: 30_000,
    // Left and right are of one generation, in each single answer.
    expect: { status: [[200, 200]], headers: [{ name: "x-generation", pattern: "^(\\d+) \\1$" }] },
    recordHeaders: ["x-generation"],
    seed: 7,
    maxLagP99Ms: 1_000,
  });
}

/** The load generator reads headers only. This reads bodies, one after the other: they agree and never go back. */
async function checkBodies(port: number, isOver: () => boolean): Promise<number> {
  let last = 0;
  let count = 0;
  for (; !isOver(); count += 1) {
    const { left, right } = await answerOf(port);
    assert.equal(left, right, "a body of two generations");
    assert.ok(left >= last, `${left} after ${last}`);
    last = left;
    await sleep(5);
  }
  return count;
}

async function answerOf(port: number): Promise<{ left: number; right: number }> {
  const response = await fetch(`http://127.0.0.1:${port}/`);
  const { left, right } = (await response.json()) as Record<"left" | "right", { generation: number }>;
  return { left: left.generation, right: right.generation };
}

async function servedFingerprint(port: number, trusting: object): Promise<string> {
  const socket = connect({ ...trusting, host: "127.0.0.1", port });
  await once(socket, "secureConnect");
  const { fingerprint256 } = socket.getPeerCertificate();
  socket.destroy();
  return fingerprint256;
}

/** Starts the server beside this file on two volumes, and waits until it says that it is ready. */
async function startService() {
  const configVolume = createKubeletVolume(generation(0));
  const tlsVolume = createKubeletVolume(secretOf(firstPair));
  const child = spawn(
    process.execPath,
    ["--disable-warning=ExperimentalWarning", serverFile, configVolume.path, tlsVolume.path],
    { env: { ...process.env, ACCESS_LOG: "false", DRAIN_MS: "0" }, stdio: ["ignore", "pipe", "inherit"] },
  );
  const logged = listenToLog(child);
  const { ports } = await logged(({ msg }) => msg === "ready");
  const [port, securePort] = ports as [number, number];

  async function metric(name: string): Promise<number> {
    const text = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text();
    const line = text.split("\n").find((each) => each.startsWith(`${name} `));
    return Number(line?.slice(name.length));
  }
  return {
    configVolume,
    tlsVolume,
    port,
    securePort,
    logged,
    metric,
    async metricIs(name: string, value: number) {
      while ((await metric(name)) !== value) await sleep(swapEveryMs);
    },
    async stop(): Promise<number | null> {
      child.kill("SIGTERM");
      await once(child, "exit");
      return child.exitCode;
    },
    async [Symbol.asyncDispose]() {
      if (child.exitCode === null && child.signalCode === null) {
        const ended = once(child, "exit");
        child.kill("SIGKILL");
        await ended;
      }
      configVolume[Symbol.dispose]();
      tlsVolume[Symbol.dispose]();
    },
  };
}

type Line = Readonly<Record<string, unknown>>;

/** Gives a function that waits for a line of the log, and fails when the log ends without it. */
function listenToLog(child: ChildProcess): (wanted: (line: Line) => boolean) => Promise<Line> {
  const lines: Line[] = [];
  let changed = Promise.withResolvers<boolean>();
  const tell = (isOpen: boolean): void => {
    changed.resolve(isOpen);
    changed = Promise.withResolvers<boolean>();
  };
  createInterface({ input: child.stdout! })
    .on("line", (text) => {
      lines.push(JSON.parse(text) as Line);
      tell(true);
    })
    .on("close", () => tell(false));
  return async (wanted) => {
    for (let isOpen = true; isOpen; isOpen = await changed.promise) {
      const found = lines.find(wanted);
      if (found !== undefined) return found;
    }
    return assert.fail(`the log ended: ${JSON.stringify(lines)}`);
  };
}
