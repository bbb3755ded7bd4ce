import assert from "node:assert/strict";
import { test } from "node:test";
import { resourceTypes, type Deployment } from "@seaworthy/kube";
import { simulatedDeployment, startSimulatedCluster } from "../../testing/simulated-cluster.ts";
import type { HorizontalPodAutoscaler } from "./horizontal-pod-autoscaler.ts";

const { deployments, horizontalpodautoscalers } = resourceTypes;

test("replicas come within the bounds; without metrics the conditions say why nothing more is done", async () => {
  await using cluster = await startSimulatedCluster({ seed: 1 });
  const { client } = cluster;
  await client.create(deployments, simulatedDeployment("web", "web:1", { replicas: 5 }));
  await client.create<HorizontalPodAutoscaler>(horizontalpodautoscalers, {
    apiVersion: "autoscaling/v2",
    kind: "HorizontalPodAutoscaler",
    metadata: { name: "web", namespace: "default" },
    spec: { scaleTargetRef: { apiVersion: "apps/v1", kind: "Deployment", name: "web" }, maxReplicas: 3 },
  });
  const conditions = await cluster.until("ScalingActive", async () => {
    const { status } = await client.get<HorizontalPodAutoscaler>(horizontalpodautoscalers, "default", "web");
    return status?.conditions?.some(({ type }) => type === "ScalingActive") === true && status.conditions;
  });
  const { spec } = await client.get<Deployment>(deployments, "default", "web");
  assert.equal(spec.replicas, 3);
  assert.deepEqual(
    conditions.map(({ type, status, reason }) => [type, status, reason]),
    [
      ["AbleToScale", "True", "SucceededGetScale"],
      ["ScalingActive", "False", "FailedGetResourceMetric"],
    ],
  );
});
