import { Cluster } from "@seaworthy/cluster";
import { resourceTypes, type Pod, type Service } from "@seaworthy/kube";
import { createPlan, startLoad, steadyPace, type LoadReport, type StartLoadOptions } from "@seaworthy/load";
import { median } from "./measured/median.ts";

/**
 * How a load gets new connections to a Service: handed over by the cluster's process, or opened by the load process inside the
 * cluster's network. Both in turn against the same pods: `node bench/new-connections.ts [ROUNDS]`.
 */
const rounds = Number(process.argv[2] ?? 5);
const holdMs = 3_000;
const program = `require("node:http").createServer((_, answer) => answer.end("ok")).listen(8080); process.on("SIGTERM", () => process.exit());`;
const paces = {
  "300/s": steadyPace(300, holdMs),
  "1000/s": steadyPace(1_000, holdMs),
  "16 clients": { kind: "closed", concurrency: 16, durationMs: holdMs },
} as const;

await using cluster = await Cluster.start({
  profile: "instant",
  nodes: 1,
  run: { web: `${process.execPath} -e '${program}'` },
});
await startPods(3);
const enter = await cluster.enterNetwork();
if (enter === undefined) throw new Error("this machine has no network that can be entered");
const ways: Readonly<Record<string, StartLoadOptions>> = {
  "handed over": { dial: (_, timeoutMs) => cluster.dialService("default", "web", 80, timeoutMs) },
  inside: {
    enter,
    dial: async () => cluster.chooseEndpoint("default", "web", 80),
  },
};
const seen = new Map<string, LoadReport[]>();
for (let round = 0; round < rounds; round++)
  for (const pace of Object.keys(paces) as (keyof typeof paces)[])
    for (const [way, options] of Object.entries(ways)) {
      const key = `${pace}, ${way}`;
      seen.set(key, [...(seen.get(key) ?? []), await run(paces[pace], options)]);
    }
for (const [key, reports] of seen) {
  const of = (read: (report: LoadReport) => number) => median(reports.map(read));
  const valid = reports.filter(({ generator }) => generator.valid).length;
  process.stdout.write(
    `${key}: ${of(({ ok }) => (ok * 1_000) / holdMs).toFixed(0)}/s, lag p99 ${of(({ generator }) => generator.lagP99Ms).toFixed(1)} ms, ` +
      `latency p50 ${of(({ latency }) => latency.p50Ms).toFixed(1)} p99 ${of(({ latency }) => latency.p99Ms).toFixed(1)} ms, ` +
      `${reports.reduce((sum, { failed }) => sum + failed, 0)} failed, ${valid} of ${reports.length} valid\n`,
  );
}

async function run(pace: (typeof paces)[keyof typeof paces], options: StartLoadOptions): Promise<LoadReport> {
  const target = { name: "service", via: { kind: "dialed" }, hostHeader: "web", path: "/" } as const;
  await using load = await startLoad(
    createPlan({ targets: [target], pace, clients: ["new-connection"] }),
    options,
  );
  return await load.report;
}

async function startPods(count: number): Promise<void> {
  const { client } = cluster;
  await client.create<Service>(resourceTypes.services, {
    apiVersion: "v1",
    kind: "Service",
    metadata: { name: "web", namespace: "default" },
    spec: { selector: { app: "web" }, ports: [{ port: 80, targetPort: 8080, protocol: "TCP" }] },
  });
  for (let index = 0; index < count; index++)
    await client.create<Pod>(resourceTypes.pods, {
      apiVersion: "v1",
      kind: "Pod",
      metadata: { name: `web-${index}`, namespace: "default", labels: { app: "web" } },
      spec: {
        containers: [
          { name: "app", image: "web", readinessProbe: { tcpSocket: { port: 8080 }, periodSeconds: 1 } },
        ],
      },
    });
  const peers = new Set<string>();
  while (peers.size < count) {
    await new Promise((next) => setTimeout(next, 10));
    try {
      peers.add(cluster.chooseEndpoint("default", "web", 80).peer);
    } catch {
      // Nobody is ready yet.
    }
  }
}
