import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { skip, startKubectlCluster, type KubectlCluster } from "../pods/kubectl-cluster.ts";

const serve = `require("node:http").createServer((q, a) => a.end()).listen(8080); process.on("SIGTERM", () => process.exit())`;
const template = (name: string, indent: string) =>
  `
metadata: {labels: {app: ${name}}}
spec:
  terminationGracePeriodSeconds: 1
  containers: [{name: main, image: app, args: [-e, '${serve}'], readinessProbe: {tcpSocket: {port: 8080}}}]`.replaceAll(
    "\n",
    `\n${indent}`,
  );
const owner = (kind: string, name: string, more: string) => `
apiVersion: apps/v1
kind: ${kind}
metadata: {name: ${name}}
spec:
  ${more}
  selector: {matchLabels: {app: ${name}}}
  template:${template(name, "    ")}
---`;
const job = (indent: string) =>
  `
template:
  spec:
    restartPolicy: Never
    containers: [{name: main, image: app, args: [-e, 'console.log("done")']}]`.replaceAll(
    "\n",
    `\n${indent}`,
  );

describe("kubectl with workloads", { skip, timeout: 180_000 }, () => {
  let fixture: KubectlCluster;
  before(async () => {
    fixture = await startKubectlCluster();
  });
  after(() => fixture[Symbol.asyncDispose]());

  async function run(...words: string[]): Promise<string> {
    const { code, out, err } = await fixture.kubectl(words);
    assert.equal(code, 0, err);
    return out;
  }

  for (const [kind, name, more] of [
    ["StatefulSet", "db", "{replicas: 2, serviceName: db}"],
    ["DaemonSet", "agent", "{}"],
  ] as const)
    test(`the rollouts of a ${kind}: status, history, undo and restart`, async () => {
      const fields = more.slice(1, -1).replaceAll(", ", "\n  ");
      await fixture.apply(owner(kind, name, fields));
      const object = `${kind.toLowerCase()}/${name}`;
      await run("rollout", "status", object, "--timeout=60s");
      await run("set", "env", object, "A=b");
      await run("rollout", "status", object, "--timeout=60s");
      const revisions = async () =>
        [...(await run("rollout", "history", object)).matchAll(/^(\d+) /gm)].map(([, revision]) => revision);
      assert.deepEqual(await revisions(), ["1", "2"]);
      assert.match(await run("rollout", "history", object, "--revision=2"), /A:\s+b/);
      await run("rollout", "undo", object);
      await run("rollout", "status", object, "--timeout=60s");
      assert.deepEqual(await revisions(), ["2", "3"]);
      assert.equal(await run("get", object, "-o", "jsonpath={.spec.template.spec.containers[0].env}"), "");
      await run("rollout", "restart", object);
      await run("rollout", "status", object, "--timeout=60s");
      await run("delete", object, "--timeout=60s");
    });

  test("a Job is waited for and read, and one is made of a CronJob by hand", async () => {
    await fixture.apply(`
apiVersion: batch/v1
kind: CronJob
metadata: {name: tick}
spec:
  schedule: "0 0 1 1 *"
  jobTemplate:
    spec:${job("      ")}
---
apiVersion: batch/v1
kind: Job
metadata: {name: once}
spec:${job("  ")}
`);
    await run("create", "job", "by-hand", "--from=cronjob/tick");
    for (const name of ["once", "by-hand"]) {
      await run("wait", "--for=condition=complete", `job/${name}`, "--timeout=60s");
      assert.equal(await run("logs", `job/${name}`), "done\n");
    }
    assert.match(await run("get", "job", "once", "--no-headers"), /^once\s+Complete\s+1\/1\s/);
    assert.match(
      await run("describe", "job", "once"),
      /Pods Statuses:\s+0 Active \(0 Ready\) \/ 1 Succeeded \/ 0 Failed/,
    );
    assert.match(
      await run("describe", "job", "once"),
      /Normal\s+Completed\s+\S+\s+job-controller\s+Job completed/,
    );
    await run("delete", "cronjob/tick", "job/once", "--timeout=60s");
  });

  test("a StatefulSet is scaled, and its pods are shown in their order", async () => {
    await fixture.apply(
      owner("StatefulSet", "shop", "replicas: 1\n  serviceName: shop\n  podManagementPolicy: Parallel"),
    );
    await run("scale", "statefulset/shop", "--replicas=3");
    await run("rollout", "status", "statefulset/shop", "--timeout=60s");
    assert.match(await run("get", "statefulset", "shop", "--no-headers"), /^shop\s+3\/3\s/);
    const names = await run("get", "pods", "-l", "app=shop", "-o", "name");
    assert.deepEqual(names.trim().split("\n"), ["pod/shop-0", "pod/shop-1", "pod/shop-2"]);
    assert.equal(await run("get", "pod", "shop-1", "-o", "jsonpath={.spec.hostname}"), "shop-1");
  });
});
