/**
 * How the embedded control plane grows: hollow nodes (whose pods run nothing), a Deployment of more and more replicas behind a
 * Service, from none to all Ready, and a roll of it, among pods of another Deployment if `--beside` says so. Time, CPU time
 * and memory of the cluster's process, printed as they are measured.
 *
 * usage: node bench/hollow-nodes.ts [NODES [REPLICAS…]] [--beside PODS]
 */
import { readFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { createInformer, type KubeClient } from "@seaworthy/client";
import { resourceTypes, type Deployment } from "@seaworthy/kube";
import { startClusterCommand } from "../test/seaworthy-command.ts";
import { memoryMib } from "./measured/memory-mib.ts";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { beside: { type: "string", default: "0" } },
});
const [nodes = 1000, ...given] = positionals.map(Number);
const sizes = given.length > 0 ? given : [100, 1000, 5000, 10_000];
const beside = Number(values.beside);

process.stdout.write(`${nodes} hollow nodes; peak memory of the cluster's process so far\n\n`);
process.stdout.write("| pods | done after, s | pods/s | CPU, s | MiB |\n|---|---|---|---|---|\n");
for (const replicas of sizes) await measure(replicas);

async function measure(replicas: number): Promise<void> {
  await using cluster = await startClusterCommand(["--nodes", "1", "--hollow-nodes", String(nodes)]);
  const { child, client } = cluster;
  const row = async (pods: number, deed: string, work: () => Promise<void>) => {
    const cpuBefore = cpuSeconds(child.pid!);
    const started = performance.now();
    await work();
    const seconds = (performance.now() - started) / 1000;
    const numbers = [
      seconds.toFixed(1),
      (pods / seconds).toFixed(0),
      (cpuSeconds(child.pid!) - cpuBefore).toFixed(1),
      memoryMib(child.pid!, "VmHWM").toFixed(0),
    ];
    process.stdout.write(`| ${[`${pods} ${deed}`, ...numbers].join(" | ")} |\n`);
  };
  if (beside > 0) await row(beside, "created beside", () => create(client, "beside", beside));
  await row(replicas, "created", () => create(client, "web", replicas));
  await row(replicas, "rolled", async () => {
    const annotations = { rolled: "yes" };
    const patch = { spec: { template: { metadata: { annotations } } } };
    await client.patch(resourceTypes.deployments, "default", "web", "merge", patch);
    await untilRolledOut(client, "web", replicas);
  });
}

/** Creates a Deployment behind a Service, and waits until all of it is Ready. */
async function create(client: KubeClient, name: string, replicas: number): Promise<void> {
  const labels = { app: name };
  await client.create(resourceTypes.services, {
    apiVersion: "v1",
    kind: "Service",
    metadata: { name, namespace: "default" },
    spec: { selector: labels, ports: [{ port: 80 }] },
  });
  await client.create<Deployment>(resourceTypes.deployments, {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name, namespace: "default" },
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
  });
  await untilRolledOut(client, name, replicas);
}

/** Waits until the Deployment says that its newest template is the only one, and all of it is available. */
async function untilRolledOut(client: KubeClient, name: string, replicas: number): Promise<void> {
  await using deployments = createInformer<Deployment>(client, resourceTypes.deployments);
  const { promise, resolve } = Promise.withResolvers<void>();
  deployments.onChange(({ object: { metadata, status } }) => {
    if (metadata.name !== name) return;
    const isSeen = (status?.observedGeneration ?? 0) >= (metadata.generation ?? 0);
    const counts = [status?.updatedReplicas, status?.availableReplicas, status?.replicas];
    if (isSeen && counts.every((count) => count === replicas)) resolve();
  });
  await promise;
}

/** The CPU time of a process, of which the kernel counts hundredths of a second (proc_pid_stat(5), utime and stime). */
function cpuSeconds(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, "latin1");
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return (Number(fields[11]) + Number(fields[12])) / 100;
}
