import assert from "node:assert/strict";
import { execFile, spawnSync } from "node:child_process";
import { test } from "node:test";
import { createInformer } from "@seaworthy/client";
import { Cluster } from "@seaworthy/cluster";
import { isPodActive, isPodReady, resourceTypes, type Pod, type PodDisruptionBudget } from "@seaworthy/kube";

const kubectlPath = process.env["KUBECTL"] ?? "kubectl";
const skip = spawnSync(kubectlPath, ["version", "--client"]).error === undefined ? false : "no kubectl";

const labels = { app: "web" };
const deployment = {
  apiVersion: "apps/v1",
  kind: "Deployment",
  metadata: { name: "web", namespace: "default" },
  spec: {
    replicas: 2,
    selector: { matchLabels: labels },
    template: {
      metadata: { labels },
      spec: { containers: [{ name: "web", image: "web:1", ports: [{ containerPort: 8080 }] }] },
    },
  },
};
const budget = {
  apiVersion: "policy/v1",
  kind: "PodDisruptionBudget",
  metadata: { name: "web", namespace: "default" },
  spec: { minAvailable: 2, selector: { matchLabels: labels } },
};

test(
  "drain waits for the disruption budget, and moves the pods when it allows it",
  { skip, timeout: 120_000 },
  async () => {
    await using cluster = await Cluster.start({ profile: "instant", nodes: 2 });
    const { client } = cluster;
    await using pods = createInformer<Pod>(client, resourceTypes.pods);
    await using budgets = createInformer<PodDisruptionBudget>(client, resourceTypes.poddisruptionbudgets);
    const until = (holds: () => boolean): Promise<void> =>
      new Promise((resolve) => {
        const look = () => {
          if (holds()) resolve();
        };
        pods.onChange(look);
        budgets.onChange(look);
        look();
      });
    const allowed = () => budgets.get("default", "web")?.status;
    const ready = () => pods.list("default").filter((pod) => isPodActive(pod) && isPodReady(pod));

    await client.create(resourceTypes.deployments, deployment);
    await client.create(resourceTypes.poddisruptionbudgets, budget);
    await until(() => allowed()?.currentHealthy === 2);
    assert.deepEqual(
      [allowed()?.disruptionsAllowed, allowed()?.desiredHealthy, allowed()?.expectedPods],
      [0, 2, 2],
    );
    const node = ready()[0]?.spec.nodeName ?? "";
    const kubectl = (...args: string[]) => run(cluster.kubeconfigPath, args);

    const refused = await kubectl("drain", node, "--timeout=1s");
    assert.notEqual(refused.code, 0);
    assert.match(
      refused.text,
      /error when evicting pods.*Cannot evict pod as it would violate the pod's disruption budget\./,
    );
    assert.equal(ready().length, 2);

    const patch = { spec: { minAvailable: 1 } };
    await client.patch(resourceTypes.poddisruptionbudgets, "default", "web", "merge", patch);
    await until(() => allowed()?.disruptionsAllowed === 1);
    // Every change that is seen leaves the one pod that the budget asks for.
    let fewest = 2;
    pods.onChange(() => {
      fewest = Math.min(fewest, ready().length);
    });
    const drained = await kubectl("drain", node, "--timeout=60s");
    assert.equal(drained.code, 0, drained.text);
    assert.match(drained.text, new RegExp(`node/${node} drained`));
    await until(() => ready().length === 2);
    assert.ok(ready().every(({ spec }) => spec.nodeName !== node));
    assert.ok(fewest >= 1, `at least ${fewest} were ready`);
    await until(() => allowed()?.disruptionsAllowed === 1 && allowed()?.disruptedPods === undefined);
  },
);

function run(kubeconfig: string, args: readonly string[]): Promise<{ code: number; text: string }> {
  return new Promise((resolve) => {
    execFile(kubectlPath, ["--kubeconfig", kubeconfig, ...args], (error, stdout, stderr) => {
      const code = error === null ? 0 : typeof error.code === "number" ? error.code : 1;
      resolve({ code, text: stdout + stderr });
    });
  });
}
