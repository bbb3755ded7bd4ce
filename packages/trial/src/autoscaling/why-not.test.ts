import assert from "node:assert/strict";
import { test } from "node:test";
import { formatFieldPath, type Pod } from "@seaworthy/kube";
import { cpuTargetOf, type Autoscaler } from "./autoscaler.ts";
import { podCpu } from "./pod-cpu.ts";
import { whatItSays, whyNever } from "./why-not.ts";

const autoscaler = (target: object, more: object = {}): Autoscaler => ({
  apiVersion: "autoscaling/v2",
  kind: "HorizontalPodAutoscaler",
  metadata: { name: "shop" },
  spec: { maxReplicas: 8, metrics: [{ type: "Resource", resource: { name: "cpu", target } }], ...more },
});
const container = (resources: object, name = "shop") => ({ name, image: "shop", resources });
const pod = (...containers: ReturnType<typeof container>[]) => ({ spec: { containers } }) as unknown as Pod;
const requests = { requests: { cpu: "100m" } };

function never(of: Autoscaler, on: Pod, replicas = 2) {
  const cpu = cpuTargetOf(of)!;
  const found = whyNever(of, cpu, podCpu(on, cpu), replicas);
  return found && [found.kind, formatFieldPath(found.path ?? []), found.next];
}

test("what keeps an autoscaler from adding pods is told with its field", () => {
  const half = { averageUtilization: 50 };
  assert.equal(never(autoscaler(half), pod(container(requests))), undefined);
  assert.deepEqual(never(autoscaler(half), pod(container(requests)), 8)?.slice(0, 2), [
    "HorizontalPodAutoscaler",
    "spec.maxReplicas",
  ]);
  const disabled = { behavior: { scaleUp: { selectPolicy: "Disabled" } } };
  assert.deepEqual(never(autoscaler(half, disabled), pod(container(requests)))?.slice(0, 2), [
    "HorizontalPodAutoscaler",
    "spec.behavior.scaleUp.selectPolicy",
  ]);
  assert.deepEqual(never(autoscaler(half), pod(container(requests), container({}, "proxy")))?.slice(0, 2), [
    "Deployment",
    "spec.template.spec.containers[1].resources.requests.cpu",
  ]);
});

test("a target in cores needs no request", () => {
  assert.equal(never(autoscaler({ averageValue: "80m" }), pod(container({}))), undefined);
});

test("a limit that ends below what the autoscaler acts at is told with a target that it lets pods reach", () => {
  const limited = pod(container({ ...requests, limits: { cpu: "200m" } }));
  assert.equal(never(autoscaler({ averageUtilization: 180 }), limited), undefined);
  assert.deepEqual(never(autoscaler({ averageUtilization: 190 }), limited), [
    "HorizontalPodAutoscaler",
    "spec.metrics[0].resource.target.averageUtilization",
    "averageUtilization: 140 leaves room below the limit; or write a higher limit, or none",
  ]);
  assert.equal(
    never(autoscaler({ averageValue: "190m" }), limited)?.[1],
    "spec.metrics[0].resource.target.averageValue",
  );
});

test("what it says itself is repeated", () => {
  const conditions = [
    { type: "AbleToScale", status: "True", reason: "SucceededGetScale", message: "fine" },
    { type: "ScalingActive", status: "False", reason: "FailedGetResourceMetric", message: "no metrics" },
  ] as const;
  assert.equal(
    whatItSays({ ...autoscaler({}), status: { conditions } }),
    "FailedGetResourceMetric: no metrics",
  );
  assert.equal(whatItSays(autoscaler({})), undefined);
});
