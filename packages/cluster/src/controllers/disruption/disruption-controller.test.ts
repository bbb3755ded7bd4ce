import assert from "node:assert/strict";
import { test } from "node:test";
import {
  resourceTypes,
  type ConfigMap,
  type OwnerReference,
  type Pod,
  type PodDisruptionBudget,
} from "@seaworthy/kube";
import { simulatedDeployment, startSimulatedCluster } from "../../testing/simulated-cluster.ts";

const { deployments, poddisruptionbudgets, pods: podType } = resourceTypes;

function budget(name: string, app: string, spec: PodDisruptionBudget["spec"]): PodDisruptionBudget {
  return {
    apiVersion: "policy/v1",
    kind: "PodDisruptionBudget",
    metadata: { name, namespace: "default" },
    spec: { selector: { matchLabels: { app } }, ...spec },
  };
}

test("a share is of what Deployments want, whoever is there; a controller that cannot be scaled allows nothing", async () => {
  await using cluster = await startSimulatedCluster({ seed: 1 });
  const { client } = cluster;
  const statusOf = (name: string, holds: (status: PodDisruptionBudget["status"]) => boolean) =>
    cluster.until(name, async () => {
      const { status } = await client.get<PodDisruptionBudget>(poddisruptionbudgets, "default", name);
      return holds(status) && status;
    });
  await client.create(poddisruptionbudgets, budget("share", "web", { maxUnavailable: "30%" }));
  const none = await statusOf("share", (status) => status?.observedGeneration === 1);
  assert.deepEqual([none?.expectedPods, none?.disruptionsAllowed], [0, 0]);
  await client.create(deployments, simulatedDeployment("web", "web:1", { replicas: 4 }));
  const share = await statusOf("share", (status) => status?.currentHealthy === 4);
  assert.deepEqual([share?.expectedPods, share?.desiredHealthy, share?.disruptionsAllowed], [4, 2, 2]);

  const { metadata } = await client.create<ConfigMap>(resourceTypes.configmaps, {
    apiVersion: "v1",
    kind: "ConfigMap",
    metadata: { name: "no-controller", namespace: "default" },
  });
  const owner: OwnerReference = {
    apiVersion: "v1",
    kind: "ConfigMap",
    name: "no-controller",
    uid: metadata.uid ?? "",
    controller: true,
  };
  const pod: Pod = {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name: "p", namespace: "default", labels: { app: "odd" }, ownerReferences: [owner] },
    spec: { containers: [{ name: "c", image: "c:1" }] },
  };
  await client.create(podType, pod);
  await client.create(poddisruptionbudgets, budget("odd", "odd", { minAvailable: "50%" }));
  const odd = await statusOf("odd", (status) => status?.conditions !== undefined);
  assert.deepEqual(
    [odd?.conditions?.[0]?.reason, odd?.conditions?.[0]?.message],
    ["SyncFailed", "configmaps does not implement the scale subresource"],
  );
});
