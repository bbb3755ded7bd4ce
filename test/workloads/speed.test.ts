import assert from "node:assert/strict";
import { test } from "node:test";
import { createInformer } from "@seaworthy/client";
import { Cluster } from "@seaworthy/cluster";
import { resourceTypes, type CronJob, type Job, type Pod } from "@seaworthy/kube";

test(
  "a cluster whose clock goes faster has its CronJobs and back-offs sooner, and real time for processes",
  { timeout: 60_000 },
  async () => {
    const run = { app: `'${process.execPath}'` };
    await using cluster = await Cluster.start({ profile: "instant", nodes: 1, run, speed: 60 });
    const { client } = cluster;
    await using jobs = createInformer<Job>(client, resourceTypes.jobs);
    await using pods = createInformer<Pod>(client, resourceTypes.pods);
    const container = (script: string) => ({ name: "c", image: "app", args: ["-e", script] });
    const ended = (wanted: number) =>
      new Promise<void>((resolve) => {
        jobs.onChange(() => {
          if (jobs.list().filter(({ status }) => status?.succeeded === 1).length >= wanted) resolve();
        });
      });
    const restarted = new Promise<void>((resolve) => {
      pods.onChange(({ object }) => {
        if ((object.status?.containerStatuses?.[0]?.restartCount ?? 0) >= 4) resolve();
      });
    });
    const stayed = new Promise<Pod>((resolve) => {
      pods.onChange(({ object }) => {
        if (object.metadata.name === "slow" && object.status?.phase === "Running") resolve(object);
      });
    });
    const cronJob: CronJob = {
      apiVersion: "batch/v1",
      kind: "CronJob",
      metadata: { name: "minutely", namespace: "default" },
      spec: {
        schedule: "* * * * *",
        jobTemplate: {
          spec: { template: { spec: { restartPolicy: "Never", containers: [container("")] } } },
        },
      },
    };
    const pod = (name: string, script: string): Pod => ({
      apiVersion: "v1",
      kind: "Pod",
      metadata: { name, namespace: "default" },
      spec: { containers: [container(script)] },
    });
    await client.create(resourceTypes.cronjobs, cronJob);
    // 0, 10, 20 and 40 s of back-off.
    await client.create(resourceTypes.pods, pod("crashes", "process.exit(1)"));
    await client.create(
      resourceTypes.pods,
      pod(
        "slow",
        `process.on("SIGTERM", () => setTimeout(() => process.exit(7), 1500)); setInterval(() => {}, 1000)`,
      ),
    );
    await stayed;
    await Promise.all([ended(2), restarted]);

    // Its 5 s of grace are not over within a tenth of a second.
    const end = new Promise<Pod>((resolve) => {
      pods.onChange(({ object }) => {
        if (
          object.metadata.name === "slow" &&
          object.status?.containerStatuses?.[0]?.state?.terminated !== undefined
        )
          resolve(object);
      });
    });
    await client.delete(resourceTypes.pods, "default", "slow", { gracePeriodSeconds: 5 });
    assert.equal((await end).status?.containerStatuses?.[0]?.state?.terminated?.exitCode, 7);
    const node = await client.get(resourceTypes.nodes, undefined, "node-1");
    const conditions = (node["status"] as { conditions: { type: string; status: string }[] }).conditions;
    assert.equal(conditions.find(({ type }) => type === "Ready")?.status, "True");
  },
);
