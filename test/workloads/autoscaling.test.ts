import assert from "node:assert/strict";
import { test } from "node:test";
import { createInformer } from "@seaworthy/client";
import { Cluster } from "@seaworthy/cluster";
import { resourceTypes, type Deployment, type KubeObject } from "@seaworthy/kube";

const { deployments, horizontalpodautoscalers } = resourceTypes;

test("a Deployment whose program burns CPU is scaled up", { timeout: 90_000 }, async () => {
  await using cluster = await Cluster.start({
    profile: "instant",
    nodes: 1,
    run: { node: process.execPath },
  });
  const { client } = cluster;
  const labels = { app: "burner" };
  const burn = `setInterval(() => { const end = Date.now() + 30; while (Date.now() < end); }, 100);`;
  const resources = { requests: { cpu: "50m" } };
  await client.create<Deployment>(deployments, {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name: "burner", namespace: "default" },
    spec: {
      selector: { matchLabels: labels },
      template: {
        metadata: { labels },
        spec: { containers: [{ name: "c", image: "node", args: ["-e", burn], resources }] },
      },
    },
  });
  await client.create<KubeObject & { spec: object }>(horizontalpodautoscalers, {
    apiVersion: "autoscaling/v2",
    kind: "HorizontalPodAutoscaler",
    metadata: { name: "burner", namespace: "default" },
    spec: { scaleTargetRef: { apiVersion: "apps/v1", kind: "Deployment", name: "burner" }, maxReplicas: 2 },
  });
  await using seen = createInformer<Deployment>(client, deployments);
  const grown = await new Promise<Deployment>((resolve) => {
    seen.onChange(({ object }) => {
      if (object.spec.replicas === 2) resolve(object);
    });
  });
  assert.equal(grown.metadata.name, "burner");
});
