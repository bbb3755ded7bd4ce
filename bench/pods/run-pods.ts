/**
 * Measures what a pod costs beyond its process: time from its creation to Ready, memory, and ten of them at a time; and what
 * lies between a client and a pod: a Service (by wrk in a pod) and the Ingress (by wrk on the machine, beside nginx and Node's
 * `http` as proxies).
 *
 * usage: node bench/pods/run-pods.ts [ROUNDS [TURNS]]
 *
 * Linux only; the second part needs nginx and wrk on the PATH.
 */
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { createInformer, type Informer } from "@seaworthy/client";
import { isPodReady, resourceTypes, type Pod } from "@seaworthy/kube";
import { freePort } from "../../apps/httpserver/src/testing/free-port.ts";
import { canConnect } from "../peers/can-connect.ts";
import { ProcessTree } from "../chaos/process-tree.ts";
import { startClusterCommand } from "../../test/seaworthy-command.ts";
import { measureThroughput, proxyImages } from "./throughput.ts";
import { median } from "../measured/median.ts";

const rounds = Number(process.argv[2] ?? 10);
const turns = Number(process.argv[3] ?? 7);
const clearingUpMs = 300;
/** Says nothing and does nothing: what is left is the pod's. */
const idle = "sleep 1000000";
const server =
  "require('node:http').createServer((_, answer) => answer.end('ok')).listen(process.env.PORT ?? 8080)";

const missing = ["nginx", "wrk"].find((program) => spawnSync(program, ["-v"]).error !== undefined);
const proxies = proxyImages();
await using cluster = await startClusterCommand([
  "--run",
  `bench/idle=${idle}`,
  "--run",
  `bench/server=${process.execPath} -e "${server}"`,
  ...proxies.words,
]);
await using pods = createInformer<Pod>(cluster.client, resourceTypes.pods);
await pods.synced;

process.stdout.write("| what | bare process | pod | |\n|---|---|---|---|\n");
await measureStart();
await measureMemory();
await measureTen();
if (missing === undefined) await measureThroughput(cluster, pods, turns);
else process.stderr.write(`skipped: ${missing} is not on the PATH\n`);
proxies.remove();

/** A pod without a probe is Ready when its process has started. */
async function measureStart(): Promise<void> {
  const bare: number[] = [];
  const inPod: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    bare.push(await timeOf(spawnIdle));
    inPod.push(await timeOf(() => readyPods(pods, [`start-${round}`], "bench/idle")));
    await cluster.client.delete(resourceTypes.pods, "default", `start-${round}`, { gracePeriodSeconds: 0 });
    // Of a pod that is gone by the API the node has still to clear up, which is not to be in the way of the next one.
    await sleep(clearingUpMs);
  }
  const [one, other] = [median(bare), median(inPod)];
  row(
    `start of a process, to Ready, ms (median of ${rounds})`,
    one,
    other,
    `${(other - one).toFixed(0)} ms more`,
  );
}

/** What 20 pods take of memory that their own processes do not; pages that processes share count by their share. */
async function measureMemory(): Promise<void> {
  const count = 20;
  const names = Array.from({ length: count }, (_, index) => `memory-${index}`);
  const before = usedMib();
  await readyPods(pods, names, "bench/idle");
  const after = usedMib();
  const own = after.idle - before.idle;
  const more = after.all - before.all - own;
  row(
    `memory, MiB per pod (${count} pods)`,
    own / count,
    (own + more) / count,
    `${(more / count).toFixed(1)} MiB more`,
  );
  for (const name of names)
    await cluster.client.delete(resourceTypes.pods, "default", name, { gracePeriodSeconds: 0 });
}

/** From the start of ten servers until all of them answer; pods by a readiness probe. */
async function measureTen(): Promise<void> {
  const bare: number[] = [];
  const inPods: number[] = [];
  for (let round = 0; round < Math.ceil(rounds / 3); round += 1) {
    const free = new Set<number>();
    while (free.size < 10) free.add(await freePort());
    const ports = [...free];
    bare.push(await timeOf(() => startServers(ports)));
    const names = ports.map((_, index) => `ten-${round}-${index}`);
    inPods.push(await timeOf(() => readyPods(pods, names, "bench/server")));
    await Promise.all(
      names.map((name) =>
        cluster.client.delete(resourceTypes.pods, "default", name, { gracePeriodSeconds: 0 }),
      ),
    );
  }
  const [one, other] = [median(bare), median(inPods)];
  row("ten servers, until all answer, ms", one, other, `× ${(other / one).toFixed(2)}`);
}

async function spawnIdle(): Promise<void> {
  const [program = "", ...args] = idle.split(" ");
  const child = spawn(program, args, { stdio: "ignore" });
  await once(child, "spawn");
  child.kill("SIGKILL");
}

async function startServers(ports: readonly number[]): Promise<void> {
  const children = ports.map((port) =>
    spawn(process.execPath, ["-e", server], { stdio: "ignore", env: { ...process.env, PORT: `${port}` } }),
  );
  await Promise.all(
    ports.map(async (port) => {
      while (!(await canConnect(port))) await new Promise((wake) => setTimeout(wake, 5));
    }),
  );
  for (const child of children) child.kill("SIGKILL");
}

/** Makes pods, and waits until all are Ready. */
async function readyPods(informer: Informer<Pod>, names: readonly string[], image: string): Promise<void> {
  const waiting = new Set(names);
  const all = Promise.withResolvers<void>();
  const stop = informer.onChange(({ object }) => {
    if (isPodReady(object)) waiting.delete(object.metadata.name);
    if (waiting.size === 0) all.resolve();
  });
  const readinessProbe = { httpGet: { path: "/", port: 8080 }, periodSeconds: 1 };
  const container = { name: "one", image, ...(image === "bench/server" ? { readinessProbe } : {}) };
  for (const name of names)
    await cluster.client.create(resourceTypes.pods, {
      apiVersion: "v1",
      kind: "Pod",
      metadata: { name, namespace: "default" },
      spec: { containers: [container] },
    });
  await all.promise;
  stop();
}

/** The memory of the cluster with all that it has started, and that of the idle processes among it. */
function usedMib(): { readonly all: number; readonly idle: number } {
  const pid = cluster.child.pid!;
  const below = new ProcessTree().look(pid);
  const ofIdle = below.filter(({ command }) => command.startsWith("sleep "));
  return {
    all: sum([pid, ...below.map((each) => each.pid)].map(proportionalMib)),
    idle: sum(ofIdle.map((each) => proportionalMib(each.pid))),
  };
}

/** https://docs.kernel.org/filesystems/proc.html: smaps_rollup */
function proportionalMib(pid: number): number {
  try {
    return Number(/^Pss:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, "utf8"))?.[1] ?? 0) / 1024;
  } catch {
    return 0;
  }
}

async function timeOf(deed: () => Promise<void>): Promise<number> {
  const began = performance.now();
  await deed();
  return performance.now() - began;
}

function row(what: string, bare: number, pod: number, result: string): void {
  const number = (value: number) => value.toFixed(value < 10 ? 1 : 0);
  process.stdout.write(`| ${what} | ${number(bare)} | ${number(pod)} | ${result} |\n`);
}

function sum(values: readonly number[]): number {
  return values.reduce((total, each) => total + each, 0);
}
