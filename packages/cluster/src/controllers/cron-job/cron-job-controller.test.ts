import assert from "node:assert/strict";
import { test } from "node:test";
import { resourceTypes, type CoreEvent, type CronJob, type Job } from "@seaworthy/kube";
import { startSimulatedCluster, type SimulatedCluster } from "../../testing/simulated-cluster.ts";

const { cronjobs, jobs, events } = resourceTypes;

async function createCronJob(
  cluster: SimulatedCluster,
  image: string,
  spec: Partial<CronJob["spec"]>,
): Promise<void> {
  await cluster.client.create<CronJob>(cronjobs, {
    apiVersion: "batch/v1",
    kind: "CronJob",
    metadata: { name: "tick", namespace: "default" },
    spec: {
      schedule: "* * * * *",
      jobTemplate: {
        metadata: { labels: { of: "tick" } },
        spec: { template: { spec: { restartPolicy: "Never", containers: [{ name: "c", image }] } } },
      },
      ...spec,
    },
  });
}

function read(cluster: SimulatedCluster): Promise<CronJob> {
  return cluster.client.get<CronJob>(cronjobs, "default", "tick");
}

async function jobsOf(cluster: SimulatedCluster): Promise<Job[]> {
  return (await cluster.client.list<Job>(jobs, { namespace: "default" })).items;
}

async function told(cluster: SimulatedCluster, wanted: string): Promise<CoreEvent[]> {
  const { items } = await cluster.client.list<CoreEvent>(events, { namespace: "default" });
  return items.filter(
    ({ reason, source }) => reason === wanted && source?.component === "cronjob-controller",
  );
}

test("every minute a Job runs, named after its time, and the youngest three stay", async () => {
  await using cluster = await startSimulatedCluster({ seed: 1, speed: 300 });
  await createCronJob(cluster, "exits:0", { timeZone: "Asia/Kathmandu" });
  await cluster.until("five were started", async () => {
    return (await told(cluster, "SuccessfulCreate")).length >= 5;
  });
  await cluster.until(
    "the oldest are gone",
    async () => (await told(cluster, "SuccessfulDelete")).length >= 2,
  );
  const { status } = await read(cluster);
  assert.ok(status?.lastScheduleTime !== undefined && status.lastSuccessfulTime !== undefined);
  const kept = await cluster.until("three that ended stay, and those that run", async () => {
    const jobs = await jobsOf(cluster);
    return jobs.filter(({ status }) => status?.completionTime !== undefined).length <= 3 && jobs;
  });
  for (const { metadata } of kept) {
    const due = metadata.annotations?.["batch.kubernetes.io/cronjob-scheduled-timestamp"] ?? "";
    assert.match(due, /\+05:45$/);
    assert.equal(metadata.name, `tick-${Date.parse(due) / 60_000}`);
    assert.equal(metadata.labels?.["of"], "tick");
    assert.equal(metadata.ownerReferences?.[0]?.kind, "CronJob");
  }
  const [seen] = await told(cluster, "SawCompletedJob");
  assert.match(seen?.message ?? "", /^Saw completed job: tick-\d+, condition: Complete$/);
});

test("while a Job runs, Forbid starts no other, and Replace deletes it", async () => {
  await using cluster = await startSimulatedCluster({ seed: 2, speed: 300 });
  await createCronJob(cluster, "web:1", { concurrencyPolicy: "Forbid" });
  await cluster.until("one was left out", async () => (await told(cluster, "JobAlreadyActive")).length > 0);
  const [first, ...others] = await jobsOf(cluster);
  assert.deepEqual(others, []);
  assert.deepEqual(
    (await read(cluster)).status?.active?.map(({ name }) => name),
    [first?.metadata.name],
  );
  await cluster.client.patch(cronjobs, "default", "tick", "merge", {
    spec: { concurrencyPolicy: "Replace" },
  });
  await cluster.until("it is replaced", async () => {
    const [present, ...more] = await jobsOf(cluster);
    return present !== undefined && more.length === 0 && present.metadata.uid !== first?.metadata.uid;
  });
});

test("a CronJob that is suspended starts nothing; one that is resumed starts the last Job that it missed, unless it is too late", async () => {
  await using cluster = await startSimulatedCluster({ seed: 3, speed: 300 });
  await createCronJob(cluster, "exits:0", { suspend: true, schedule: "*/2 * * * *" });
  const startMs = cluster.clock.now();
  await cluster.until("five minutes are over", () => cluster.clock.now() > startMs + 300_000);
  assert.deepEqual(await jobsOf(cluster), []);
  await cluster.client.patch(cronjobs, "default", "tick", "merge", { spec: { suspend: false } });
  const [job] = await cluster.until("it starts", async () => {
    const started = await jobsOf(cluster);
    return started.length > 0 && started;
  });
  const due = Date.parse(
    job?.metadata.annotations?.["batch.kubernetes.io/cronjob-scheduled-timestamp"] ?? "",
  );
  assert.equal(due % 120_000, 0);
  assert.ok(due > startMs);
});

test("a day that never comes is told of, and nothing runs", async () => {
  await using cluster = await startSimulatedCluster({ seed: 4 });
  await createCronJob(cluster, "exits:0", { schedule: "0 0 30 2 *" });
  const [event] = await cluster.until("it is told of", async () => {
    const found = await told(cluster, "InvalidSchedule");
    return found.length > 0 && found;
  });
  assert.equal(
    event?.message,
    "invalid schedule: 0 0 30 2 * : time difference between two schedules is less than 1 second",
  );
});
