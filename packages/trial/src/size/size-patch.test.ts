import assert from "node:assert/strict";
import { test } from "node:test";
import { parseDocuments, type Manifest } from "@seaworthy/kube";
import { recommend } from "./recommend.ts";
import { sizePatch } from "./size-patch.ts";
import { sizeSchema, type SizeResult } from "./size-result.ts";

const used = { cores: 0.95, peakBytes: 90 * 2 ** 20, throttledShare: null };
const result: SizeResult = {
  schema: sizeSchema,
  deployment: { namespace: "default", name: "shop", container: "shop" },
  objective: { p99Ms: 100 },
  wish: { ratePerSecond: 2_500, growthPerMinute: 0.5 },
  knee: { ratePerSecond: 1_000, limit: "service", p99Ms: 80, ...used },
  several: [],
  startedMs: 2_000,
  windows: [],
  recommendation: recommend(
    {
      kneeRate: 1_000,
      kneeCores: 0.95,
      peakBytes: used.peakBytes,
      startedMs: 2_000,
      linearity: 1,
      isNode: true,
    },
    { rate: 2_500, growthPerMinute: 0.5 },
  ),
  unknown: [],
  seed: 1,
};

const deployment = (env = "") => `apiVersion: apps/v1
kind: Deployment
metadata: { name: shop }
spec:
  selector: { matchLabels: { app: shop } }
  template:
    metadata: { labels: { app: shop } }
    spec:
      containers:
        - name: shop
          image: shop
${env}`;

const scaler = (metric: string) => `---
apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata: { name: shop }
spec:
  scaleTargetRef: { apiVersion: apps/v1, kind: Deployment, name: shop }
  maxReplicas: 3
  metrics:
    - type: Resource
      resource: { name: ${metric}, target: { type: Utilization, averageUtilization: 50 } }
`;

function patched(text: string): readonly Record<string, any>[] {
  const patch = sizePatch(result, parseDocuments("shop.yaml", text).manifests);
  return parseDocuments("patch.yaml", patch).manifests.map(({ object }: Manifest) => object as any);
}

test("a Deployment gets requests, limits, heap and replicas; other options of Node stay", () => {
  const options = `          env:\n            - name: NODE_OPTIONS\n              value: --max-old-space-size=64 --no-warnings\n`;
  const [object] = patched(deployment(options));
  assert.equal(object!["spec"].replicas, 5);
  assert.deepEqual(object!["spec"].template.spec.containers, [
    {
      name: "shop",
      env: [{ name: "NODE_OPTIONS", value: "--no-warnings --max-old-space-size=108" }],
      resources: { requests: { cpu: "950m", memory: "144Mi" }, limits: { memory: "144Mi" } },
    },
  ]);
});

test("an autoscaler decides the replicas, and its metrics stay where CPU is not all of them", () => {
  const [object, scaled] = patched(deployment() + scaler("cpu"));
  assert.equal(object!["spec"].replicas, undefined);
  assert.equal(scaled!["spec"].minReplicas, 5);
  assert.equal(
    scaled!["spec"].metrics[0].resource.target.averageUtilization,
    result.recommendation.targetUtilization.value,
  );
  assert.equal(patched(deployment() + scaler("memory"))[1]!["spec"].metrics, undefined);
});
