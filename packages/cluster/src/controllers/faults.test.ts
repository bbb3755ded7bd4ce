import assert from "node:assert/strict";
import { test } from "node:test";
import {
  isPodReady,
  resourceTypes,
  type DaemonSet,
  type Job,
  type Pod,
  type StatefulSet,
} from "@seaworthy/kube";
import { startSimulatedCluster, type SimulatedCluster } from "../testing/simulated-cluster.ts";
import { finishedCondition } from "./job/judge-job.ts";

const { jobs, statefulsets, daemonsets } = resourceTypes;
const metadata = { name: "work", namespace: "default" };

function spec(image: string): Pod["spec"] {
  return { restartPolicy: "Never", containers: [{ name: "c", image }] };
}

async function endedJob(
  cluster: SimulatedCluster,
  image: string,
  limits: Partial<Job["spec"]>,
): Promise<Job> {
  const template = { spec: spec(image) };
  await cluster.client.create<Job>(jobs, {
    apiVersion: "batch/v1",
    kind: "Job",
    metadata,
    spec: { ...limits, template },
  });
  return await cluster.until("the job has ended", async () => {
    const job = await cluster.client.get<Job>(jobs, "default", "work");
    return finishedCondition(job) !== undefined && job;
  });
}

for (let seed = 1; seed <= 6; seed += 1) {
  test(`whatever request fails, no pod of a Job is counted twice (seed ${seed})`, async () => {
    await using cluster = await startSimulatedCluster({ seed, faults: true, speed: 200 });
    const { status } = await endedJob(cluster, "exits:0", { completions: 12, parallelism: 4 });
    const succeeded = cluster.pods.list("default").filter((pod) => pod.status?.phase === "Succeeded");
    const counted = status?.succeeded ?? 0;
    // A pod too many, whose creation was not answered, is let go without being counted, and may have ended by then.
    assert.ok(counted >= 12 && counted <= succeeded.length, `${counted} of ${succeeded.length}`);
    assert.equal(status?.failed, undefined);
    assert.deepEqual(status?.uncountedTerminatedPods, {});
    assert.ok(succeeded.every((pod) => pod.metadata.finalizers === undefined));
  });

  test(`whatever request fails, each index of a Job succeeds (seed ${seed})`, async () => {
    await using cluster = await startSimulatedCluster({ seed, faults: true, speed: 200 });
    const job = await endedJob(cluster, "exits:0", {
      completions: 8,
      parallelism: 3,
      completionMode: "Indexed",
    });
    assert.deepEqual([job.status?.completedIndexes, job.status?.succeeded], ["0-7", 8]);
  });

  test(`whatever request fails, a StatefulSet keeps its order, and a DaemonSet has one pod on each node (seed ${seed})`, async () => {
    await using cluster = await startSimulatedCluster({ seed, faults: true, speed: 200 });
    const template = (app: string, image: string) => ({
      metadata: { labels: { app } },
      spec: { containers: [{ name: "c", image }] },
    });
    const early: string[] = [];
    cluster.pods.onChange(({ type, object }) => {
      const [, index] = /^work-([1-9])$/.exec(object.metadata.name) ?? [];
      if (type !== "added" || index === undefined) return;
      const before = cluster.pods.get("default", `work-${Number(index) - 1}`);
      if (before === undefined || !isPodReady(before)) early.push(object.metadata.name);
    });
    await cluster.client.create<StatefulSet>(statefulsets, {
      apiVersion: "apps/v1",
      kind: "StatefulSet",
      metadata,
      spec: {
        replicas: 4,
        serviceName: "work",
        selector: { matchLabels: { app: "work" } },
        template: template("work", "work:1"),
      },
    });
    await cluster.client.create<DaemonSet>(daemonsets, {
      apiVersion: "apps/v1",
      kind: "DaemonSet",
      metadata,
      spec: { selector: { matchLabels: { app: "agent" } }, template: template("agent", "agent:1") },
    });
    await cluster.until("both are ready", async () => {
      const set = await cluster.client.get<StatefulSet>(statefulsets, "default", "work");
      const agents = await cluster.client.get<DaemonSet>(daemonsets, "default", "work");
      return set.status?.readyReplicas === 4 && agents.status?.numberAvailable === 3;
    });
    assert.deepEqual(early, []);
    await cluster.until("no node has two", () => {
      const agents = cluster.pods.list("default").filter((pod) => pod.metadata.labels?.["app"] === "agent");
      return agents.length === 3 && new Set(agents.map((pod) => pod.spec.nodeName)).size === 3;
    });
  });
}
