import assert from "node:assert/strict";
import type { Asker, Json } from "../asker.ts";
import type { Item } from "../item.ts";
import { patchStatus, podsIn, untilPods } from "../play-node.ts";

/** How Jobs and CronJobs run their pods. */
export const jobItems: readonly Item[] = [
  {
    number: 64,
    title:
      "a Job counts pods that succeed, keeps each until it is counted, and says twice that it is complete",
    needs: ["controllers"],
    async check(asker) {
      const path = await createJob(asker, { completions: 3, parallelism: 2 });
      const first = await untilPods(asker, (pods) => pods.length === 2);
      assert.deepEqual(first[0].metadata.finalizers, ["batch.kubernetes.io/job-tracking"]);
      for (const { metadata } of first) await succeed(asker, metadata.name);
      const [last] = await untilNew(asker, first, 1);
      await succeed(asker, last.metadata.name);
      const { status } = await untilEnded(asker, path);
      const { conditions, startTime, completionTime, ...counts } = status;
      assert.deepEqual(counts, { ready: 0, succeeded: 3, terminating: 0, uncountedTerminatedPods: {} });
      assert.ok(startTime !== undefined && completionTime !== undefined);
      assert.deepEqual(
        conditions.map(({ type, status: is, reason, message }: Json) => [type, is, reason, message]),
        [
          ["SuccessCriteriaMet", "True", "CompletionsReached", "Reached expected number of succeeded pods"],
          ["Complete", "True", "CompletionsReached", "Reached expected number of succeeded pods"],
        ],
      );
      const pods = await podsIn(asker);
      assert.ok(pods.every(({ metadata }) => metadata.finalizers === undefined));
      await untilTold(asker, "Completed", "Job completed");
    },
  },
  {
    number: 65,
    title: "a Job tries again after 10 s, and fails when more pods have failed than backoffLimit",
    needs: ["controllers"],
    async check(asker) {
      const path = await createJob(asker, { backoffLimit: 1 });
      const first = await untilPods(asker, (pods) => pods.length === 1);
      const failedAt = Date.now();
      await fail(asker, first[0].metadata.name, 3);
      const [second] = await untilNew(asker, first, 1);
      // The end of a pod is written in whole seconds.
      assert.ok(Date.now() - failedAt >= 9000, `tried again after ${Date.now() - failedAt} ms`);
      await fail(asker, second.metadata.name, 3);
      const { status } = await untilEnded(asker, path);
      assert.deepEqual([status.failed, status.succeeded, status.completionTime], [2, undefined, undefined]);
      assert.deepEqual(
        status.conditions.map(({ type, reason, message }: Json) => [type, reason, message]),
        [
          ["FailureTarget", "BackoffLimitExceeded", "Job has reached the specified backoff limit"],
          ["Failed", "BackoffLimitExceeded", "Job has reached the specified backoff limit"],
        ],
      );
    },
  },
  {
    number: 66,
    title:
      "each pod of an indexed Job has an index in its name, host name, label, annotation and environment",
    needs: ["controllers"],
    async check(asker) {
      const path = await createJob(asker, {
        completions: 4,
        parallelism: 4,
        completionMode: "Indexed",
        successPolicy: { rules: [{ succeededIndexes: "0,2-3", succeededCount: 2 }] },
      });
      const pods = await untilPods(asker, (all) => all.length === 4);
      const key = "batch.kubernetes.io/job-completion-index";
      for (const [index, { metadata, spec }] of pods.entries()) {
        assert.match(metadata.name, new RegExp(`^work-${index}-[a-z0-9]{5}$`));
        assert.deepEqual(
          [metadata.labels[key], metadata.annotations[key], spec.hostname],
          [String(index), String(index), `work-${index}`],
        );
        assert.deepEqual(spec.containers[0].env, [
          {
            name: "JOB_COMPLETION_INDEX",
            valueFrom: { fieldRef: { apiVersion: "v1", fieldPath: `metadata.labels['${key}']` } },
          },
        ]);
      }
      for (const index of [1, 3]) await succeed(asker, pods[index].metadata.name);
      await asker.until(path, ({ status }) => status.completedIndexes === "1,3");
      await succeed(asker, pods[2].metadata.name);
      const { status } = await untilEnded(asker, path);
      assert.deepEqual([status.completedIndexes, status.succeeded, status.failed], ["1-3", 3, undefined]);
      const end = status.conditions.at(-1);
      assert.deepEqual(
        [end.type, end.reason, end.message],
        ["Complete", "SuccessPolicy", "Matched rules at index 0"],
      );
      await untilPods(asker, (all) => all.length === 3);
    },
  },
  {
    number: 67,
    title: "a Job's policy says which failures end it, which are not counted, and which end an index",
    needs: ["controllers"],
    async check(asker) {
      const onExitCodes = (value: number) => ({ operator: "In", values: [value] });
      const path = await createJob(asker, {
        completions: 2,
        parallelism: 2,
        completionMode: "Indexed",
        backoffLimitPerIndex: 1,
        podFailurePolicy: {
          rules: [
            { action: "Ignore", onExitCodes: onExitCodes(3) },
            { action: "FailIndex", onExitCodes: onExitCodes(4) },
            { action: "FailJob", onExitCodes: onExitCodes(5) },
          ],
        },
      });
      const first = await untilPods(asker, (pods) => pods.length === 2);
      await fail(asker, first[0].metadata.name, 4);
      await asker.until(path, ({ status }) => status.failedIndexes === "0" && status.failed === 1);
      await fail(asker, first[1].metadata.name, 3);
      const [second] = await untilNew(asker, first, 1);
      assert.equal(second.metadata.annotations["batch.kubernetes.io/job-index-failure-count"], "0");
      assert.equal(second.metadata.annotations["batch.kubernetes.io/job-index-ignored-failure-count"], "1");
      await fail(asker, second.metadata.name, 5);
      const { status } = await untilEnded(asker, path);
      const end = status.conditions.at(-1);
      assert.deepEqual([end.type, end.reason], ["Failed", "PodFailurePolicy"]);
      const pod = `${asker.namespace}/${second.metadata.name}`;
      assert.equal(
        end.message,
        `Container main for pod ${pod} failed with exit code 5 matching FailJob rule at index 2`,
      );
      assert.equal(status.failed, 2);
    },
  },
  {
    number: 68,
    title:
      "a suspended Job has no pods and no start; resumed, it has a deadline from then; an ended one goes by its TTL",
    needs: ["controllers"],
    async check(asker) {
      const path = await createJob(asker, {
        suspend: true,
        activeDeadlineSeconds: 2,
        ttlSecondsAfterFinished: 1,
      });
      const conditions = (object: Json) =>
        (object?.status.conditions ?? []).map(
          ({ type, status, reason }: Json) => `${type}=${status} ${reason}`,
        );
      const suspended = await asker.until(path, (object) => conditions(object).length === 1);
      assert.deepEqual(conditions(suspended), ["Suspended=True JobSuspended"]);
      assert.deepEqual([suspended.status.startTime, await podsIn(asker)], [undefined, []]);
      await asker.patch(path, "merge-patch+json", { spec: { suspend: false } });
      const resumed = await asker.until(path, (object) => object?.status.active === 1);
      assert.deepEqual(conditions(resumed), ["Suspended=False JobResumed"]);
      const ended = await asker.until(path, (object) => conditions(object).length === 3);
      assert.deepEqual(conditions(ended).slice(1), [
        "FailureTarget=True DeadlineExceeded",
        "Failed=True DeadlineExceeded",
      ]);
      assert.deepEqual([ended.status.failed, ended.status.active], [1, undefined]);
      await asker.until(path, (object) => object === undefined);
      await untilPods(asker, (pods) => pods.length === 0);
    },
  },
  {
    number: 69,
    title:
      "a CronJob that missed times starts the last of them, under a name of its minute, and keeps a history",
    needs: ["controllers"],
    async check(asker) {
      const batch = `/apis/batch/v1/namespaces/${asker.namespace}`;
      await asker.create(`${batch}/cronjobs`, {
        apiVersion: "batch/v1",
        kind: "CronJob",
        metadata: { name: "tick" },
        spec: {
          schedule: "0 0 1 1 *",
          timeZone: "Asia/Kathmandu",
          suspend: true,
          concurrencyPolicy: "Forbid",
          jobTemplate: { metadata: { labels: { of: "tick" } }, spec: { template: template(asker) } },
        },
      });
      const path = `${batch}/cronjobs/tick`;
      const year = new Date().getUTCFullYear();
      await asker.patch(`${path}/status`, "merge-patch+json", {
        status: { lastScheduleTime: `${year - 1}-06-01T00:00:00Z` },
      });
      await asker.patch(path, "merge-patch+json", { spec: { suspend: false } });
      const { items } = await asker.until(`${batch}/jobs`, (list) => list.items.length === 1);
      const [{ metadata }] = items;
      const due = `${year}-01-01T00:00:00+05:45`;
      assert.equal(metadata.annotations["batch.kubernetes.io/cronjob-scheduled-timestamp"], due);
      assert.equal(metadata.name, `tick-${Date.parse(due) / 60_000}`);
      assert.equal(metadata.labels.of, "tick");
      assert.equal(metadata.ownerReferences[0].kind, "CronJob");
      const started = await asker.until(path, ({ status }) => status.active?.length === 1);
      assert.equal(started.status.active[0].name, metadata.name);
      assert.equal(Date.parse(started.status.lastScheduleTime), Date.parse(due));
      const [pod] = await untilPods(asker, (pods) => pods.length === 1);
      await succeed(asker, pod.metadata.name);
      await asker.until(
        path,
        ({ status }) => status.active === undefined && status.lastSuccessfulTime !== undefined,
      );
      await untilTold(asker, "SawCompletedJob", `Saw completed job: ${metadata.name}, condition: Complete`);
      await asker.patch(path, "merge-patch+json", { spec: { successfulJobsHistoryLimit: 0 } });
      await asker.until(`${batch}/jobs`, (list) => list.items.length === 0);
    },
  },
];

/** Pods that no scheduler places, and whose end is what an item says. */
function template({ image }: Asker): Json {
  return {
    spec: { schedulerName: "nobody", restartPolicy: "Never", containers: [{ name: "main", image }] },
  };
}

async function createJob(asker: Asker, spec: Json): Promise<string> {
  const path = `/apis/batch/v1/namespaces/${asker.namespace}/jobs`;
  await asker.create(path, {
    apiVersion: "batch/v1",
    kind: "Job",
    metadata: { name: "work" },
    spec: { ...spec, template: template(asker) },
  });
  return `${path}/work`;
}

async function succeed(asker: Asker, name: string): Promise<void> {
  await patchStatus(asker, name, { phase: "Succeeded" });
}

async function fail(asker: Asker, name: string, exitCode: number): Promise<void> {
  const finishedAt = `${new Date().toISOString().slice(0, 19)}Z`;
  const state = { terminated: { exitCode, finishedAt } };
  const container = { name: "main", image: "", imageID: "", ready: false, restartCount: 0, state };
  await patchStatus(asker, name, { phase: "Failed", containerStatuses: [container] });
}

/** Waits until so many pods have come besides those that were there. */
async function untilNew(asker: Asker, before: readonly Json[], count: number): Promise<Json[]> {
  const known = new Set(before.map(({ metadata }) => metadata.uid));
  const fresh = (pods: readonly Json[]) => pods.filter(({ metadata }) => !known.has(metadata.uid));
  return fresh(await untilPods(asker, (pods) => fresh(pods).length === count));
}

async function untilEnded(asker: Asker, path: string): Promise<Json> {
  const isEnd = ({ type }: Json) => type === "Complete" || type === "Failed";
  return await asker.until(path, ({ status }) => status.conditions?.some(isEnd) === true);
}

async function untilTold({ namespace, until }: Asker, reason: string, message: string): Promise<void> {
  await until(`/api/v1/namespaces/${namespace}/events`, ({ items }) =>
    items.some((event: Json) => event.reason === reason && event.message === message),
  );
}
