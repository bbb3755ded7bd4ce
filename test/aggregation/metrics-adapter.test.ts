import assert from "node:assert/strict";
import { test } from "node:test";
import { createInformer } from "@seaworthy/client";
import { resourceTypes, type Condition, type KubeObject } from "@seaworthy/kube";
import { skip, startKubectlCluster } from "../pods/kubectl-cluster.ts";
import { extensionManifest } from "./extension-manifest.ts";

const adapter = extensionManifest("adapter", import.meta.resolve("./metrics-program.ts"), [
  { group: "custom.metrics.k8s.io", version: "v1beta2" },
  { group: "external.metrics.k8s.io", version: "v1beta1" },
]);

const manifest = `
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata: {name: adapter-sees-pods}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: view}
subjects: [{kind: ServiceAccount, name: adapter, namespace: default}]
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec:
      terminationGracePeriodSeconds: 0
      containers: [{name: web, image: app, args: [-e, "setInterval(() => {}, 1e9)"]}]
---
apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata: {name: web}
spec:
  scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: web}
  maxReplicas: 3
  metrics:
    - type: Pods
      pods: {metric: {name: hits}, target: {type: AverageValue, averageValue: "20"}}
    - type: External
      external: {metric: {name: queue}, target: {type: AverageValue, averageValue: "50"}}
`;

interface Autoscaler extends KubeObject {
  readonly status?: {
    readonly desiredReplicas: number;
    readonly currentMetrics?: readonly object[] | null;
    readonly conditions?: readonly Condition[];
  };
}

test("a Deployment is scaled by what an adapter tells", { skip, timeout: 180_000 }, async () => {
  await using fixture = await startKubectlCluster();
  const { client } = fixture.cluster;
  await fixture.apply(adapter);
  for (const name of ["v1beta2.custom.metrics.k8s.io", "v1beta1.external.metrics.k8s.io"]) {
    const words = ["wait", `apiservice/${name}`, "--for=condition=Available", "--timeout=50s"];
    const { code, err } = await fixture.kubectl(words);
    assert.equal(code, 0, err);
  }
  await fixture.apply(manifest);
  await using seen = createInformer<Autoscaler>(client, resourceTypes.horizontalpodautoscalers);
  const grown = await new Promise<NonNullable<Autoscaler["status"]>>((resolve) => {
    seen.onChange(({ object: { status } }) => {
      if (status?.desiredReplicas === 3) resolve(status);
    });
  });
  const active = grown.conditions?.find(({ type }) => type === "ScalingActive");
  assert.deepEqual([active?.status, active?.reason], ["True", "ValidMetricFound"]);
  assert.deepEqual(grown.currentMetrics, [
    { type: "Pods", pods: { metric: { name: "hits" }, current: { averageValue: "40" } } },
    { type: "External", external: { metric: { name: "queue" }, current: { averageValue: "150" } } },
  ]);
  const { out } = await fixture.kubectl(["get", "hpa", "web"]);
  assert.match(out, /Deployment\/web +40\/20, 150\/50 \(avg\) +1 +3 /);
});
