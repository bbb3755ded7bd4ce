import assert from "node:assert/strict";
import { test } from "node:test";
import { Cluster } from "@seaworthy/cluster";
import { resourceTypes } from "@seaworthy/kube";
import { followDrain, noKubectl, runKubectl } from "./follow-drain.ts";

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
  { skip: noKubectl, timeout: 120_000 },
  async () => {
    await using cluster = await Cluster.start({ profile: "instant", nodes: 2 });
    const { client } = cluster;
    await using followed = await followDrain(client, "web");
    const { budget: allowed, ready, until } = followed;

    await client.create(resourceTypes.deployments, deployment);
    await client.create(resourceTypes.poddisruptionbudgets, budget);
    await until(() => allowed()?.currentHealthy === 2);
    assert.deepEqual(
      [allowed()?.disruptionsAllowed, allowed()?.desiredHealthy, allowed()?.expectedPods],
      [0, 2, 2],
    );
    const node = ready()[0]?.spec.nodeName ?? "";
    const kubectl = (...args: string[]) => runKubectl(cluster.kubeconfigPath, ...args);

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
    const fewest = followed.countFewest();
    const drained = await kubectl("drain", node, "--timeout=60s");
    assert.equal(drained.code, 0, drained.text);
    assert.match(drained.text, new RegExp(`node/${node} drained`));
    await until(() => ready().length === 2);
    assert.ok(ready().every(({ spec }) => spec.nodeName !== node));
    assert.ok(fewest() >= 1, `at least ${fewest()} were ready`);
    await until(() => allowed()?.disruptionsAllowed === 1 && allowed()?.disruptedPods === undefined);
  },
);
