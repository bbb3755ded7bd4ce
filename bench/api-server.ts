/**
 * How fast an API server is: creations, status patches, lists, and how soon watchers see a change. The embedded one, in
 * memory and with a data folder, and a real one beside it in the same run where a kubeconfig names one. The server is
 * another process; requests go over HTTPS on a few kept-alive connections.
 *
 * usage: node bench/api-server.ts [--rounds 3] [--pods 10000] [--kubeconfig FILE [--pids PID,PID]]
 * `--pids` are the processes of the real one, for its memory. It works in the namespace `api-bench`.
 */
import { fork, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { readKubeconfig, type HttpConnection } from "@seaworthy/client";
import { bundled } from "../scripts/bundle.ts";
import { TlsConnection } from "./api-server/tls-connection.ts";
import { median } from "./measured/median.ts";
import { memoryMib } from "./measured/memory-mib.ts";

const { values } = parseArgs({
  options: {
    rounds: { type: "string", default: "3" },
    pods: { type: "string", default: "10000" },
    kubeconfig: { type: "string" },
    pids: { type: "string" },
    only: { type: "string" },
  },
});
const podCount = Number(values.pods);
const namespace = "api-bench";
const podsPath = `/api/v1/namespaces/${namespace}/pods`;
const connections = 8;
const watchers = 100;
const changes = 50;

const compileCache = mkdtempSync(join(tmpdir(), "api-bench-code-"));
process.once("exit", () => rmSync(compileCache, { recursive: true, force: true }));

type Measured = Record<string, number>;

/** A server that is up. */
interface Target extends AsyncDisposable {
  readonly connection: HttpConnection;
  readonly pids: readonly number[];
  readonly readyMs?: number;
}

const targets: [name: string, start: () => Promise<Target>][] = [
  ["bare node:https", () => startChild("bare-process.ts", [])],
  ["embedded, in memory", () => startEmbedded(undefined)],
  ["embedded, data folder", () => startEmbedded(mkdtempSync(join(tmpdir(), "api-bench-")))],
];
if (values.kubeconfig !== undefined) targets.push(["real", () => nameReal(values.kubeconfig!)]);

const results = new Map<string, Measured[]>();
for (let round = 0; round < Number(values.rounds); round += 1) {
  for (const [name, start] of targets) {
    if (values.only !== undefined && !name.includes(values.only)) continue;
    await using target = await start();
    const measured = await measure(target);
    results.set(name, [...(results.get(name) ?? []), measured]);
    process.stderr.write(`${name}: ${JSON.stringify(measured)}\n`);
  }
}
printTable();

async function measure({ connection, pids, readyMs }: Target): Promise<Measured> {
  await using resources = new AsyncDisposableStack();
  const open = async () => resources.use(await TlsConnection.open(connection));
  const pool = await Promise.all(Array.from({ length: connections }, open));
  await makeNamespace(pool[0]!);
  const measured: Measured = readyMs === undefined ? {} : { "start to /readyz, ms": readyMs };

  const cpuBefore = cpuMicrosOf(pids);
  measured["creates/s"] = await perSecond(pool, podCount, (one, index) =>
    expect(one.send("POST", podsPath, podBody(index)), 201),
  );
  const cpuBetween = cpuMicrosOf(pids);
  measured["status patches/s"] = await perSecond(pool, podCount, (one, index) =>
    expect(
      one.send(
        "PATCH",
        `${podsPath}/pod-${index}/status`,
        statusPatch(index),
        "application/strategic-merge-patch+json",
      ),
      200,
    ),
  );
  measured["CPU of a create, µs"] = (cpuBetween - cpuBefore) / podCount;
  measured["CPU of a patch, µs"] = (cpuMicrosOf(pids) - cpuBetween) / podCount;
  measured["MiB"] = memoryOf(pids);
  measured["list of all, ms"] = await medianMs(7, () => expect(pool[0]!.send("GET", podsPath), 200));
  measured["list of half, ms"] = await medianMs(7, () =>
    expect(pool[0]!.send("GET", `${podsPath}?limit=${podCount / 2}`), 200),
  );
  measured["list of one by label, ms"] = await medianMs(7, () =>
    expect(pool[0]!.send("GET", `${podsPath}?labelSelector=index%3D7`), 200),
  );
  const seen = await watchChanges(pool[0]!, await Promise.all(Array.from({ length: watchers }, open)));
  measured["change seen p50, ms"] = seen[Math.floor(seen.length * 0.5)]!;
  measured["change seen p99, ms"] = seen[Math.floor(seen.length * 0.99)]!;
  measured["MiB at the end"] = memoryOf(pids);
  return measured;
}

/** How long after its request each watcher has seen each change, sorted. */
async function watchChanges(writer: TlsConnection, readers: readonly TlsConnection[]): Promise<number[]> {
  const { body } = await writer.send("GET", `${podsPath}?limit=1`);
  const from = /"resourceVersion":"(\d+)"/.exec(body)![1]!;
  const seen: number[] = [];
  let sentAt = 0;
  let mark = "";
  let missing = 0;
  let allSeen = () => {};
  for (const reader of readers) {
    let rest = "";
    reader.watch(`${podsPath}?watch=true&resourceVersion=${from}`, (text) => {
      rest = (rest + text).slice(-20_000);
      if (mark === "" || !rest.includes(mark)) return;
      rest = "";
      seen.push(performance.now() - sentAt);
      missing -= 1;
      if (missing === 0) allSeen();
    });
  }
  await pause(1000);
  for (let change = 0; change < changes; change += 1) {
    mark = `"change-${change}-"`;
    missing = readers.length;
    const all = new Promise<void>((resolve) => (allSeen = resolve));
    const patch = JSON.stringify({ metadata: { annotations: { change: `change-${change}-` } } });
    sentAt = performance.now();
    const path = `${podsPath}/pod-${change}`;
    await Promise.all([expect(writer.send("PATCH", path, patch, "application/merge-patch+json"), 200), all]);
    await pause(20);
  }
  return seen.toSorted((a, b) => a - b);
}

async function perSecond(
  pool: readonly TlsConnection[],
  count: number,
  act: (one: TlsConnection, index: number) => Promise<void>,
): Promise<number> {
  let next = 0;
  const start = performance.now();
  await Promise.all(
    pool.map(async (one) => {
      while (next < count) await act(one, next++);
    }),
  );
  return count / ((performance.now() - start) / 1000);
}

async function medianMs(times: number, act: () => Promise<void>): Promise<number> {
  const taken: number[] = [];
  for (let time = 0; time < times; time += 1) {
    const start = performance.now();
    await act();
    taken.push(performance.now() - start);
  }
  return median(taken);
}

async function expect(answer: Promise<{ status: number; body: string }>, status: number): Promise<void> {
  const { status: got, body } = await answer;
  if (got !== status) throw new Error(`${got} instead of ${status}: ${body.slice(0, 500)}`);
}

/** No scheduler takes it, so that only the API server works on it. */
function podBody(index: number): string {
  const labels = { app: "bench", index: String(index), "pod-template-hash": "6b7f9c8d5" };
  const container = {
    name: "app",
    image: "registry.example/team/app:1.2.3",
    ports: [{ containerPort: 8080, name: "http" }],
    env: [
      { name: "LOG_LEVEL", value: "info" },
      { name: "POD_NAME", valueFrom: { fieldRef: { fieldPath: "metadata.name" } } },
    ],
    resources: { requests: { cpu: "100m", memory: "128Mi" }, limits: { memory: "256Mi" } },
    readinessProbe: { httpGet: { path: "/ready", port: 8080 } },
  };
  const spec = { schedulerName: "nobody", automountServiceAccountToken: false, containers: [container] };
  return JSON.stringify({
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name: `pod-${index}`, namespace, labels },
    spec,
  });
}

function statusPatch(index: number): string {
  const at = "2026-01-01T00:00:00Z";
  const condition = (type: string) => ({ type, status: "True", lastProbeTime: null, lastTransitionTime: at });
  return JSON.stringify({
    status: {
      conditions: ["Initialized", "Ready", "ContainersReady"].map(condition),
      phase: "Running",
      podIP: `10.244.${index >> 8}.${index & 255}`,
      startTime: at,
      containerStatuses: [
        {
          name: "app",
          state: { running: { startedAt: at } },
          lastState: {},
          ready: true,
          restartCount: 0,
          image: "registry.example/team/app:1.2.3",
          imageID: "registry.example/team/app@sha256:0123456789abcdef",
          containerID: "containerd://0123456789abcdef0123456789abcdef",
          started: true,
        },
      ],
    },
  });
}

async function makeNamespace(one: TlsConnection): Promise<void> {
  const body = JSON.stringify({ apiVersion: "v1", kind: "Namespace", metadata: { name: namespace } });
  await expect(one.send("POST", "/api/v1/namespaces", body), 201);
  // A real API server makes no pod before the ServiceAccount is there, which a controller makes.
  for (let tries = 0; tries < 100; tries += 1) {
    const { status } = await one.send("POST", `${podsPath}?dryRun=All`, podBody(0));
    if (status < 300) return;
    await pause(100);
  }
  throw new Error("no pod can be made");
}

async function removeNamespace(connection: HttpConnection): Promise<void> {
  using one = await TlsConnection.open(connection);
  // The namespace controller takes the pods away; a real API server needs minutes for so many.
  await one.send("DELETE", `/api/v1/namespaces/${namespace}`);
  for (let tries = 0; tries < 3000; tries += 1) {
    if ((await one.send("GET", `/api/v1/namespaces/${namespace}`)).status === 404) return;
    await pause(200);
  }
}

async function startEmbedded(folder: string | undefined): Promise<Target> {
  const target = await startChild("serve-process.ts", folder === undefined ? [] : [folder]);
  return {
    ...target,
    async [Symbol.asyncDispose]() {
      await target[Symbol.asyncDispose]();
      if (folder !== undefined) rmSync(folder, { recursive: true });
    },
  };
}

async function startChild(file: string, args: readonly string[]): Promise<Target> {
  const execArgv = process.env["BENCH_NODE_FLAGS"]?.split(" ") ?? [];
  // The command is a bundle and keeps what it has compiled, too.
  const main = fileURLToPath(await bundled(`bench-${file}`, { main: `bench/api-server/${file}` }));
  const env = { ...process.env, NODE_COMPILE_CACHE: compileCache };
  const started = performance.now();
  const child: ChildProcess = fork(main, args, { execArgv, env });
  const [{ kubeconfig }] = (await once(child, "message")) as [{ kubeconfig: string }];
  const connection = await readKubeconfig({ text: kubeconfig });
  using one = await TlsConnection.open(connection);
  await expect(one.send("GET", "/readyz"), 200);
  const readyMs = performance.now() - started;
  return {
    connection,
    pids: [child.pid!],
    readyMs,
    async [Symbol.asyncDispose]() {
      child.disconnect();
      await once(child, "exit");
    },
  };
}

async function nameReal(file: string): Promise<Target> {
  const connection = await readKubeconfig({ file });
  using one = await TlsConnection.open(connection);
  await expect(one.send("GET", "/readyz"), 200);
  const pids = (values.pids ?? "")
    .split(",")
    .filter((pid) => pid !== "")
    .map(Number);
  return { connection, pids, [Symbol.asyncDispose]: () => removeNamespace(connection) };
}

function memoryOf(pids: readonly number[]): number {
  return pids.reduce((sum, pid) => sum + memoryMib(pid, "VmRSS"), 0);
}

/** What the processes have had of the processors so far; the kernel counts in hundredths of a second. */
function cpuMicrosOf(pids: readonly number[]): number {
  const ticks = pids.map((pid) => {
    const [user = 0, system = 0] = readFileSync(`/proc/${pid}/stat`, "utf8")
      .replace(/^.*\) /s, "")
      .split(" ")
      .slice(11, 13)
      .map(Number);
    return user + system;
  });
  return ticks.reduce((sum, each) => sum + each, 0) * 10_000;
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

/** Medians of the calmer half of the rounds, which is where most was created. */
function printTable(): void {
  const names = [...results.keys()];
  const calm = names.map((name) => {
    const rounds = results.get(name)!.toSorted((a, b) => b["creates/s"]! - a["creates/s"]!);
    return rounds.slice(0, Math.ceil(rounds.length / 2));
  });
  const rows = Object.keys(calm[0]![0]!).map((metric) => {
    const cells = calm.map((rounds) => {
      const value = median(rounds.map((round) => round[metric] ?? Number.NaN));
      return Number.isNaN(value) || value === 0 ? "–" : value >= 100 ? value.toFixed(0) : value.toFixed(1);
    });
    return `| ${metric} | ${cells.join(" | ")} |`;
  });
  const head = [`| | ${names.join(" | ")} |`, `|---|${names.map(() => "---|").join("")}`];
  process.stdout.write(`${[...head, ...rows].join("\n")}\n`);
}
