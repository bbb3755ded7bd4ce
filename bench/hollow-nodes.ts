/**
 * How the embedded control plane grows: hollow nodes (whose pods run nothing), a Deployment of more and more replicas behind a
 * Service, from none to all Ready, and a roll of it. Time, CPU time and memory of the cluster's process.
 *
 * usage: node bench/hollow-nodes.ts [NODES [REPLICAS…]]
 */
import { readFileSync } from "node:fs";
import { createInformer, type KubeClient } from "@seaworthy/client";
import { resourceTypes, type Deployment } from "@seaworthy/kube";
import { startClusterCommand } from "../test/seaworthy-command.ts";
import { memoryMib } from "./measured/memory-mib.ts";

const nodes = Number(process.argv[2] ?? 1000);
const sizes = process.argv.length > 3 ? process.argv.slice(3).map(Number) : [100, 1000, 5000, 10_000];
const labels = { app: "web" };

process.stdout.write(`${nodes} hollow nodes; peak memory of the cluster's process\n\n`);
process.stdout.write(
  "| replicas | all Ready after, s | pods/s | CPU, s | rolled after, s | pods/s | CPU, s | MiB |\n",
);
process.stdout.write("|---|---|---|---|---|---|---|---|\n");
for (const replicas of sizes) await measure(replicas);

async function measure(replicas: number): Promise<void> {
  await using cluster = await startClusterCommand(["--nodes", "1", "--hollow-nodes", String(nodes)]);
  const { child, client } = cluster;
  await client.create(resourceTypes.services, {
    apiVersion: "v1",
    kind: "Service",
    metadata: { name: "web", namespace: "default" },
    spec: { selector: labels, ports: [{ port: 80 }] },
  });
  const created = await timed(child.pid!, async () => {
    await client.create<Deployment>(resourceTypes.deployments, deployment(replicas));
    await untilRolledOut(client, replicas);
  });
  const rolled = await timed(child.pid!, async () => {
    const annotations = { rolled: "yes" };
    const patch = { spec: { template: { metadata: { annotations } } } };
    await client.patch(resourceTypes.deployments, "default", "web", "merge", patch);
    await untilRolledOut(client, replicas);
  });
  const peak = memoryMib(child.pid!, "VmHWM");
  const cells = [created, rolled].flatMap(({ seconds, cpuSeconds }) => [
    seconds.toFixed(1),
    (replicas / seconds).toFixed(0),
    cpuSeconds.toFixed(1),
  ]);
  process.stdout.write(`| ${[replicas, ...cells, peak.toFixed(0)].join(" | ")} |\n`);
}

function deployment(replicas: number): Deployment {
  return {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name: "web", namespace: "default" },
    spec: {
      replicas,
      selector: { matchLabels: labels },
      template: {
        metadata: { labels },
        spec: {
          nodeSelector: { "seaworthy.dev/hollow": "true" },
          containers: [
            { name: "web", image: "web", resources: { requests: { cpu: "100m", memory: "64Mi" } } },
          ],
        },
      },
    },
  };
}

/** Waits until the Deployment says that its newest template is the only one, and all of it is available. */
async function untilRolledOut(client: KubeClient, replicas: number): Promise<void> {
  await using deployments = createInformer<Deployment>(client, resourceTypes.deployments);
  const { promise, resolve } = Promise.withResolvers<void>();
  deployments.onChange(({ object: { metadata, status } }) => {
    const isSeen = (status?.observedGeneration ?? 0) >= (metadata.generation ?? 0);
    const counts = [status?.updatedReplicas, status?.availableReplicas, status?.replicas];
    if (isSeen && counts.every((count) => count === replicas)) resolve();
  });
  await promise;
}

async function timed(
  pid: number,
  work: () => Promise<void>,
): Promise<{ readonly seconds: number; readonly cpuSeconds: number }> {
  const before = cpuSeconds(pid);
  const started = performance.now();
  await work();
  return { seconds: (performance.now() - started) / 1000, cpuSeconds: cpuSeconds(pid) - before };
}

/** The CPU time of a process, of which the kernel counts hundredths of a second (proc_pid_stat(5), utime and stime). */
function cpuSeconds(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, "latin1");
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return (Number(fields[11]) + Number(fields[12])) / 100;
}
