import assert from "node:assert/strict";
import { test } from "node:test";
import { resourceTypes, type CoreEvent, type Job, type JobSpec, type Pod } from "@seaworthy/kube";
import { startSimulatedCluster, type SimulatedCluster } from "../../testing/simulated-cluster.ts";
import { finishedCondition } from "./judge-job.ts";

const { jobs, pods: podType, events } = resourceTypes;

async function createJob(cluster: SimulatedCluster, image: string, spec: Partial<JobSpec>): Promise<Job> {
  return await cluster.client.create<Job>(jobs, {
    apiVersion: "batch/v1",
    kind: "Job",
    metadata: { name: "work", namespace: "default" },
    spec: {
      ...spec,
      template: {
        ...spec.template,
        spec: { restartPolicy: "Never", containers: [{ name: "c", image }], ...spec.template?.spec },
      },
    },
  });
}

function read(cluster: SimulatedCluster): Promise<Job> {
  return cluster.client.get<Job>(jobs, "default", "work");
}

function finished(cluster: SimulatedCluster): Promise<Job> {
  return cluster.until("the job has ended", async () => {
    const job = await read(cluster);
    return finishedCondition(job) !== undefined && job;
  });
}

function conditionsOf({ status }: Job): string[] {
  return (status?.conditions ?? []).map(({ type, status: is, reason }) => `${type}=${is} ${reason}`);
}

async function told(cluster: SimulatedCluster): Promise<string[]> {
  const { items } = await cluster.client.list<CoreEvent>(events, { namespace: "default" });
  return items
    .filter(({ source }) => source?.component === "job-controller")
    .map(({ reason, count }) => `${reason}${count === 1 ? "" : ` ${count}`}`)
    .toSorted();
}

test("a Job ends when enough pods have succeeded, and all of them are counted and let go", async () => {
  await using cluster = await startSimulatedCluster({ seed: 1 });
  await createJob(cluster, "exits:0", { completions: 5, parallelism: 2 });
  const job = await finished(cluster);
  const { startTime, completionTime, conditions = [], ...status } = job.status ?? {};
  assert.deepEqual(status, { succeeded: 5, ready: 0, terminating: 0, uncountedTerminatedPods: {} });
  assert.ok(startTime !== undefined && completionTime !== undefined);
  assert.deepEqual(
    conditions.map(({ type, reason, message }) => [type, reason, message]),
    [
      ["SuccessCriteriaMet", "CompletionsReached", "Reached expected number of succeeded pods"],
      ["Complete", "CompletionsReached", "Reached expected number of succeeded pods"],
    ],
  );
  const own = cluster.pods.list("default");
  assert.equal(own.length, 5);
  assert.ok(own.every(({ metadata }) => (metadata.finalizers ?? []).length === 0));
  assert.ok(own.every(({ metadata }) => /^work-[a-z0-9]{5}$/.test(metadata.name)));
  await cluster.until("its end is told", async () => (await told(cluster)).includes("Completed"));
});

test("a Job without a number of completions ends with its first success, and its other pods may finish", async () => {
  await using cluster = await startSimulatedCluster({ seed: 2 });
  await createJob(cluster, "exits:0", { parallelism: 3 });
  const job = await finished(cluster);
  assert.equal(job.status?.succeeded, 3);
});

test("failures are repeated later each time, until the limit is reached", async () => {
  await using cluster = await startSimulatedCluster({ seed: 3, speed: 200 });
  await createJob(cluster, "exits:7", { backoffLimit: 2 });
  const job = await finished(cluster);
  assert.equal(job.status?.failed, 3);
  assert.deepEqual(conditionsOf(job), [
    "FailureTarget=True BackoffLimitExceeded",
    "Failed=True BackoffLimitExceeded",
  ]);
  const created = cluster.pods
    .list("default")
    .map(({ metadata }) => Date.parse(metadata.creationTimestamp ?? ""));
  const [first = 0, second = 0, third = 0] = created.toSorted((a, b) => a - b);
  assert.ok(second - first >= 10_000 && third - second >= 20_000, created.join());
  await cluster.until("its end is told", async () => (await told(cluster)).includes("BackoffLimitExceeded"));
});

test("an indexed Job tells each pod its index in a variable, a label and its host name", async () => {
  await using cluster = await startSimulatedCluster({ seed: 4 });
  await createJob(cluster, "exits:0", { completions: 3, parallelism: 3, completionMode: "Indexed" });
  const job = await finished(cluster);
  assert.deepEqual([job.status?.completedIndexes, job.status?.succeeded], ["0-2", 3]);
  const own = cluster.pods.list("default").toSorted((a, b) => (a.metadata.name < b.metadata.name ? -1 : 1));
  const key = "batch.kubernetes.io/job-completion-index";
  for (const [index, { metadata, spec }] of own.entries()) {
    assert.match(metadata.name, new RegExp(`^work-${index}-[a-z0-9]{5}$`));
    assert.deepEqual(
      [metadata.labels?.[key], metadata.annotations?.[key], spec.hostname],
      [String(index), String(index), `work-${index}`],
    );
    assert.deepEqual(spec.containers[0]?.env, [
      {
        name: "JOB_COMPLETION_INDEX",
        valueFrom: { fieldRef: { apiVersion: "v1", fieldPath: `metadata.labels['${key}']` } },
      },
    ]);
  }
});

test("each index has its own limit of failures, and the Job fails when none is left to try", async () => {
  await using cluster = await startSimulatedCluster({ seed: 5, speed: 200 });
  await createJob(cluster, "exits:1", {
    completions: 2,
    parallelism: 2,
    completionMode: "Indexed",
    backoffLimitPerIndex: 1,
  });
  const job = await finished(cluster);
  assert.deepEqual([job.status?.failed, job.status?.failedIndexes], [4, "0,1"]);
  assert.deepEqual(conditionsOf(job), ["FailureTarget=True FailedIndexes", "Failed=True FailedIndexes"]);
  const counts = cluster.pods
    .list("default")
    .map(({ metadata }) => metadata.annotations?.["batch.kubernetes.io/job-index-failure-count"]);
  assert.deepEqual(counts.toSorted(), ["0", "0", "1", "1"]);
});

test("a policy may end the Job with the first failure, or leave a failure out of the count", async () => {
  await using cluster = await startSimulatedCluster({ seed: 6, speed: 200 });
  const onExitCodes = (value: number) => ({ operator: "In", values: [value] });
  await createJob(cluster, "exits:42", {
    podFailurePolicy: { rules: [{ action: "FailJob", onExitCodes: onExitCodes(42) }] },
  });
  const job = await finished(cluster);
  const [pod] = cluster.pods.list("default");
  const message = `Container c for pod default/${pod?.metadata.name} failed with exit code 42 matching FailJob rule at index 0`;
  assert.deepEqual(
    [finishedCondition(job)?.reason, finishedCondition(job)?.message],
    ["PodFailurePolicy", message],
  );
  await cluster.client.delete(jobs, "default", "work");
  await cluster.until("it is gone with its pods", () => cluster.pods.list("default").length === 0);
  await createJob(cluster, "exits:3", {
    backoffLimit: 0,
    podFailurePolicy: { rules: [{ action: "Ignore", onExitCodes: onExitCodes(3) }] },
  });
  await cluster.until("it is tried again", () => cluster.pods.list("default").length > 2);
  const { status } = await read(cluster);
  assert.deepEqual([status?.failed, status?.conditions], [undefined, undefined]);
});

test("a success policy ends the Job early, and the pods that still run are deleted", async () => {
  await using cluster = await startSimulatedCluster({ seed: 7 });
  const leader: Pod["spec"]["containers"][number] = { name: "c", image: "web:1" };
  await createJob(cluster, "exits:0", {
    completions: 3,
    parallelism: 2,
    completionMode: "Indexed",
    successPolicy: { rules: [{ succeededIndexes: "0-1", succeededCount: 1 }] },
    template: { spec: { containers: [{ ...leader, image: "exits:0" }] } },
  });
  const job = await finished(cluster);
  assert.deepEqual(conditionsOf(job), [
    "SuccessCriteriaMet=True SuccessPolicy",
    "Complete=True SuccessPolicy",
  ]);
  assert.equal(finishedCondition(job)?.message, "Matched rules at index 0");
});

test("a Job that is suspended has no pods, and starts anew when it is resumed; one that runs too long fails", async () => {
  await using cluster = await startSimulatedCluster({ seed: 8 });
  await createJob(cluster, "web:1", { suspend: true, activeDeadlineSeconds: 30 });
  const suspended = await cluster.until("it is suspended", async () => {
    const job = await read(cluster);
    return conditionsOf(job).length === 1 && job;
  });
  assert.deepEqual(conditionsOf(suspended), ["Suspended=True JobSuspended"]);
  assert.equal(suspended.status?.startTime, undefined);
  assert.equal(cluster.pods.list("default").length, 0);
  const suspend = (value: boolean) =>
    cluster.client.patch(jobs, "default", "work", "merge", { spec: { suspend: value } });
  await suspend(false);
  await cluster.until("it runs", async () => (await read(cluster)).status?.ready === 1);
  assert.deepEqual(conditionsOf(await read(cluster)), ["Suspended=False JobResumed"]);
  await suspend(true);
  await cluster.until("its pods are gone", () => cluster.pods.list("default").length === 0);
  assert.equal((await read(cluster)).status?.failed, undefined);
  await suspend(false);
  const job = await finished(cluster);
  assert.deepEqual(conditionsOf(job).slice(1), [
    "FailureTarget=True DeadlineExceeded",
    "Failed=True DeadlineExceeded",
  ]);
  assert.equal(job.status?.failed, 1);
  await cluster.until("all is told", async () => (await told(cluster)).length === 7);
  assert.deepEqual(await told(cluster), [
    "DeadlineExceeded",
    "Resumed 2",
    "SuccessfulCreate",
    "SuccessfulCreate",
    "SuccessfulDelete",
    "SuccessfulDelete",
    "Suspended 2",
  ]);
});

test("a Job goes so long after its end as it says, and takes its pods with it", async () => {
  await using cluster = await startSimulatedCluster({ seed: 9 });
  await createJob(cluster, "exits:0", { ttlSecondsAfterFinished: 5 });
  await cluster.until("it ran", () => cluster.pods.list("default").length === 1);
  await cluster.until("all is gone", async () => {
    const { items } = await cluster.client.list(jobs, { namespace: "default" });
    return items.length + cluster.pods.list("default").length === 0;
  });
});

test("a deleted Job lets its running pods go, and leaves them alone as orphans", async () => {
  await using cluster = await startSimulatedCluster({ seed: 10 });
  await createJob(cluster, "web:1", {});
  await cluster.until("it runs", async () => (await read(cluster)).status?.ready === 1);
  await cluster.client.delete(jobs, "default", "work", { propagationPolicy: "Orphan" });
  await cluster.until("its pod is let go", async () => {
    const { items } = await cluster.client.list<Pod>(podType, { namespace: "default" });
    return items.some(({ metadata: { finalizers = [], ownerReferences = [] } }) => {
      return finalizers.length + ownerReferences.length === 0;
    });
  });
});
