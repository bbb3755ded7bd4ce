import assert from "node:assert/strict";
import { test } from "node:test";
import { createInformer, type KubeClient } from "@seaworthy/client";
import { Cluster } from "@seaworthy/cluster";
import { resourceTypes, type Job, type Pod, type PodSpec } from "@seaworthy/kube";

const { jobs, pods } = resourceTypes;

test(
  "Jobs run programs: each with its index, again where it failed, and with its limits",
  { timeout: 60_000 },
  async () => {
    await using cluster = await Cluster.start({
      profile: "instant",
      nodes: 1,
      run: { node: process.execPath },
    });
    const { client } = cluster;
    const indexed = `process.exit(["0", "1", "2"].includes(process.env.JOB_COMPLETION_INDEX) ? 0 : 9)`;
    const once = `
      const { existsSync, writeFileSync } = require("node:fs");
      if (existsSync("/state/tried")) process.exit(0);
      writeFileSync("/state/tried", "");
      process.exit(3);`;
    const endless = `process.on("SIGTERM", () => process.exit(0)); setInterval(() => {}, 1e9);`;
    const [sum, again, late, bad] = await Promise.all([
      ended(client, "sum", { completions: 3, parallelism: 2, completionMode: "Indexed" }, indexed),
      ended(client, "again", {}, once, {
        restartPolicy: "OnFailure",
        volumes: [{ name: "state", emptyDir: {} }],
      }),
      ended(client, "late", { activeDeadlineSeconds: 1 }, endless),
      ended(client, "bad", { backoffLimit: 0 }, "process.exit(4)"),
    ]);
    assert.deepEqual([sum.end, sum.status.completedIndexes, sum.status.succeeded], ["Complete", "0-2", 3]);
    assert.deepEqual([again.end, again.status.succeeded, again.status.failed], ["Complete", 1, undefined]);
    assert.equal(again.pods[0]?.status?.containerStatuses?.[0]?.restartCount, 1);
    assert.deepEqual([late.end, late.reason, late.status.failed], ["Failed", "DeadlineExceeded", 1]);
    assert.deepEqual([bad.end, bad.reason, bad.status.failed], ["Failed", "BackoffLimitExceeded", 1]);
    assert.equal(bad.pods[0]?.status?.containerStatuses?.[0]?.state?.terminated?.exitCode, 4);
  },
);

/** Creates a Job whose pods run a script, and waits until it has ended. */
async function ended(
  client: KubeClient,
  name: string,
  spec: Partial<Job["spec"]>,
  script: string,
  podSpec: Partial<PodSpec> = {},
) {
  const volumeMounts = podSpec.volumes?.map((volume) => ({
    name: volume.name,
    mountPath: `/${volume.name}`,
  }));
  const container = { name: "main", image: "node", args: ["-e", script] };
  await client.create<Job>(jobs, {
    apiVersion: "batch/v1",
    kind: "Job",
    metadata: { name, namespace: "default" },
    spec: {
      ...spec,
      template: {
        spec: {
          restartPolicy: "Never",
          terminationGracePeriodSeconds: 1,
          ...podSpec,
          containers: [volumeMounts === undefined ? container : { ...container, volumeMounts }],
        },
      },
    },
  });
  await using informer = createInformer<Job>(client, jobs);
  const job = await new Promise<Job>((resolve) => {
    informer.onChange(({ object }) => {
      if (object.metadata.name === name && endOf(object) !== undefined) resolve(object);
    });
  });
  const { items } = await client.list<Pod>(pods, { namespace: "default", labelSelector: `job-name=${name}` });
  const { type, reason } = endOf(job) ?? {};
  return { end: type, reason, status: job.status ?? {}, pods: items };
}

function endOf({ status }: Job) {
  return status?.conditions?.find(({ type }) => type === "Complete" || type === "Failed");
}
