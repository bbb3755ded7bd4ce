/**
 * Kills at random, for as long as it is told: processes of containers, pods, nodes, and the cluster's own process with SIGKILL,
 * which then starts again from its folder. After each deed everything must be Ready and answer again. Whatever was written and answered
 * (objects of the API, lines on a claim) must still be there, and no process, mount or temporary file may stay.
 *
 * usage: node bench/chaos/run-chaos.ts [MINUTES [SEED]]
 */
import { once } from "node:events";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { request } from "node:http";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { isPodReady, resourceTypes, type KubeObject, type Pod } from "@seaworthy/kube";
import { seededRandom } from "../../packages/cluster/src/random.ts";
import { startClusterCommand, type RunningCluster } from "../../test/seaworthy-command.ts";
import { chaosObjects, readyPods } from "./chaos-objects.ts";
import { ProcessTree } from "./process-tree.ts";
import { median } from "../measured/median.ts";
import { memoryMib } from "../measured/memory-mib.ts";

const minutes = Number(process.argv[2] ?? 60);
const seed = Number(process.argv[3] ?? 1);
const folder = mkdtempSync(join(tmpdir(), "seaworthy-chaos-"));
const tree = new ProcessTree();
const random = seededRandom(seed);
const problems: string[] = [];
const deeds = new Map<string, number>();
/** Memory of the cluster's process in MiB, with the minute at which it was read, by life. */
const memory: { readonly life: number; readonly minute: number; readonly mib: number }[] = [];
const waits: number[] = [];
/** What was answered, and so may not be lost: names of objects, and lines on the claim. */
const objects: string[] = [];
const lines: string[] = [];
const started = performance.now();
let life = 1;
let written = 0;
let refused = 0;

let cluster = await startCluster();
for (const object of chaosObjects()) await cluster.client.create(typeOf(object), object);
await untilWell("the start");
while (minutesSince(started) < minutes) {
  const [name, deed] = pick();
  deeds.set(name, (deeds.get(name) ?? 0) + 1);
  await deed();
  await untilWell(name);
  await write();
  lookAtMemory();
  if (sum(deeds.values()) % 20 === 0) say();
}
await checkWritten();
await end();
say();
for (const problem of problems) process.stdout.write(`PROBLEM ${problem}\n`);
if (problems.length === 0) rmSync(folder, { recursive: true, force: true });
process.exitCode = problems.length === 0 ? 0 : 1;

function pick(): [string, () => Promise<void>] {
  const draw = random();
  if (draw < 0.4) return ["a container's process killed", killContainer];
  if (draw < 0.65) return ["a pod deleted", () => deletePod({})];
  if (draw < 0.75) return ["a pod deleted without grace", () => deletePod({ gracePeriodSeconds: 0 })];
  if (draw < 0.83) return ["the Deployment rolled", roll];
  if (draw < 0.87) return ["a node without power for a moment", () => loseNode(random() * 10_000)];
  // Longer than a node may be silent, and than its pods then stay with it.
  if (draw < 0.89) return ["a node lost, and back", () => loseNode(65_000)];
  return ["the cluster killed and started again", killCluster];
}

async function startCluster(): Promise<RunningCluster> {
  const temporary = join(folder, "tmp");
  mkdirSync(temporary, { recursive: true });
  const run = (image: string, command: string) => ["--run", `chaos/${image}=${command}`];
  const node = process.execPath;
  return await startClusterCommand(
    [
      "--data-dir",
      join(folder, "data"),
      ...run("web", `${node} ${resolve("apps/httpserver/src/main.mjs")}`),
      ...run("keeper", `${node} ${resolve("bench/chaos/keeper-process.ts")}`),
      ...run("agent", "sleep 1000000"),
      ...run("tick", "true"),
    ],
    { TMPDIR: temporary },
  );
}

async function killContainer(): Promise<void> {
  const containers = tree
    .look(cluster.child.pid!)
    .filter(({ command }) => /^\S*(node \S*(main\.mjs|keeper-process\.ts)|sleep 1000000)/.test(command));
  const one = containers[Math.floor(random() * containers.length)];
  if (one !== undefined) process.kill(one.pid, "SIGKILL");
}

async function deletePod(options: { readonly gracePeriodSeconds?: number }): Promise<void> {
  const { items } = await cluster.client.list<Pod>(resourceTypes.pods, { namespace: "default" });
  const pod = items[Math.floor(random() * items.length)];
  if (pod !== undefined)
    await cluster.client.delete(resourceTypes.pods, "default", pod.metadata.name, options).catch(() => {});
}

async function roll(): Promise<void> {
  const annotations = { "chaos/rolled": String(random()) };
  const patch = { spec: { template: { metadata: { annotations } } } };
  await cluster.client.patch(resourceTypes.deployments, "default", "web", "merge", patch);
}

async function loseNode(forMs: number): Promise<void> {
  const name = `node-${1 + Math.floor(random() * 3)}`;
  const power = async (state: string | null) => {
    const annotations = { "seaworthy.dev/power": state };
    await cluster.client.patch(resourceTypes.nodes, undefined, name, "merge", { metadata: { annotations } });
  };
  await power("off");
  await sleep(forMs);
  await power(null);
}

async function killCluster(): Promise<void> {
  tree.look(cluster.child.pid!);
  // In the middle of writes, some of which are answered.
  const writing = Promise.allSettled(Array.from({ length: 20 }, () => writeObject()));
  await sleep(random() * 20);
  cluster.child.kill("SIGKILL");
  await once(cluster.child, "exit");
  await writing;
  await untilTrue(10_000, () => Promise.resolve(tree.alive().length === 0));
  for (const { pid, command } of tree.alive())
    problems.push(`process ${pid} outlived the cluster: ${command}`);
  life += 1;
  cluster = await startCluster();
  await checkWritten();
}

/** Waits until as many pods are Ready as there should be, and both Ingresses answer. */
async function untilWell(after: string): Promise<void> {
  const began = performance.now();
  let last = "";
  const isWell = await untilTrue(120_000, async () => {
    const { items } = await cluster.client.list<Pod>(resourceTypes.pods, { namespace: "default" });
    const living = items.filter(({ metadata }) => metadata.deletionTimestamp === undefined);
    const ready = living.filter((pod) => isPodReady(pod)).length;
    const web = await ask("web", "GET").catch(String);
    const kept = await ask("keeper", "GET").catch(String);
    last = `${ready} of ${readyPods} pods Ready, web ${web.slice(0, 60)}, keeper ${kept.slice(0, 60)}`;
    return ready === readyPods && !web.startsWith("Error") && !kept.startsWith("Error");
  });
  waits.push(performance.now() - began);
  tree.look(cluster.child.pid!);
  if (!isWell)
    problems.push(`not well 2 min after ${after} (minute ${minutesSince(started).toFixed(1)}): ${last}`);
}

async function write(): Promise<void> {
  await writeObject();
  const line = `line ${written}`;
  // A deed may show only after all looked well, and then the keeper has not taken the line.
  await ask("keeper", "POST", line).then(
    () => lines.push(line),
    () => (refused += 1),
  );
}

async function writeObject(): Promise<void> {
  const name = `written-${(written += 1)}`;
  const data = { number: String(written) };
  const object = { apiVersion: "v1", kind: "ConfigMap", metadata: { name, namespace: "default" }, data };
  await cluster.client.create(resourceTypes.configmaps, object);
  objects.push(name);
}

/** Whatever was answered must be there. */
async function checkWritten(): Promise<void> {
  const { items } = await cluster.client.list(resourceTypes.configmaps, { namespace: "default" });
  const there = new Set(items.map(({ metadata }) => metadata.name));
  const lost = objects.filter((name) => !there.has(name));
  if (lost.length > 0) problems.push(`lost objects: ${lost.join(", ")}`);
  if (lines.length === 0) return;
  let kept: string[] = [];
  await untilTrue(60_000, async () => {
    kept = (await ask("keeper", "GET").catch(() => "")).split("\n");
    return kept.length > 1;
  });
  const gone = lines.filter((line) => !kept.includes(line));
  if (gone.length > 0) problems.push(`lost lines: ${gone.join(", ")}`);
}

function ask(host: string, method: string, body?: string): Promise<string> {
  return new Promise((settle, fail) => {
    const options = {
      host: "127.0.0.1",
      port: new URL(cluster.ingressUrl).port,
      method,
      headers: { host: `${host}.localhost` },
    };
    const sent = request({ ...options, agent: false, timeout: 5000 }, (answer) => {
      let text = "";
      answer.on("data", (chunk: Buffer) => (text += chunk.toString()));
      answer.on("error", fail);
      answer.on("end", () => {
        if ((answer.statusCode ?? 0) < 400) settle(text);
        else fail(new Error(`status ${answer.statusCode}`));
      });
    });
    sent.on("timeout", () => sent.destroy(new Error("no answer within 5 s")));
    sent.on("error", fail);
    sent.end(body);
  });
}

function lookAtMemory(): void {
  memory.push({ life, minute: minutesSince(started), mib: memoryMib(cluster.child.pid!, "VmRSS") });
}

async function end(): Promise<void> {
  tree.look(cluster.child.pid!);
  await cluster[Symbol.asyncDispose]();
  await untilTrue(10_000, () => Promise.resolve(tree.alive().length === 0));
  for (const { pid, command } of tree.alive()) problems.push(`process ${pid} outlived the end: ${command}`);
  const mounts = readFileSync("/proc/self/mountinfo", "utf8")
    .split("\n")
    .filter((line) => line.includes(folder));
  if (mounts.length > 0) problems.push(`mounts: ${mounts.join("; ")}`);
  const temporary = readdirSync(join(folder, "tmp")).filter((name) => name !== "node-compile-cache");
  if (temporary.length > 0) problems.push(`temporary files: ${temporary.join(", ")}`);
}

function say(): void {
  const done = [...deeds].map(([name, times]) => `${times} × ${name}`).join(", ");
  const longest = Math.max(...waits) / 1000;
  const middle = median(waits) / 1000;
  const rows = Array.from({ length: life }, (_, index) => memory.filter((each) => each.life === index + 1));
  const lives = rows
    .flatMap((own) => (own.length === 0 ? [] : [`${own[0]!.mib.toFixed(0)}→${own.at(-1)!.mib.toFixed(0)}`]))
    .join(" ");
  process.stdout.write(
    `${minutesSince(started).toFixed(1)} min, seed ${seed}: ${done}; well again after ${middle.toFixed(1)} s (median), ` +
      `${longest.toFixed(1)} s (longest); ${objects.length} objects and ${lines.length} lines written, ${refused} not taken; ` +
      `MiB at the begin and end of each life: ${lives}; problems: ${problems.length}\n`,
  );
}

async function untilTrue(limitMs: number, isSo: () => Promise<boolean>): Promise<boolean> {
  const began = performance.now();
  while (performance.now() - began < limitMs) {
    if (await isSo().catch(() => false)) return true;
    await sleep(100);
  }
  return false;
}

function typeOf({ kind }: KubeObject) {
  const found = Object.values(resourceTypes).find((type) => type.kind === kind);
  if (found === undefined) throw new Error(`no type for ${kind}`);
  return found;
}

function minutesSince(time: number): number {
  return (performance.now() - time) / 60_000;
}

function sum(numbers: Iterable<number>): number {
  return [...numbers].reduce((total, each) => total + each, 0);
}
