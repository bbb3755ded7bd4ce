import assert from "node:assert/strict";
import { test } from "node:test";
import { metricNotServed } from "./metric-not-served.ts";

// As Kubernetes v1.36.3 with a metrics-server and no adapter says it.
test("metrics that nobody serves are told of in Kubernetes' words", () => {
  const api =
    "unable to fetch metrics from custom metrics API: no custom metrics API (custom.metrics.k8s.io) registered";
  assert.deepEqual(
    metricNotServed(
      {
        type: "Object",
        object: { metric: { name: "hits" }, target: {}, describedObject: { kind: "Service", name: "web" } },
      },
      "shop",
    ),
    {
      reason: "FailedGetObjectMetric",
      why: `unable to get metric hits: Service on shop web/${api}`,
      error: `failed to get object metric value: unable to get metric hits: Service on shop web/${api}`,
    },
  );
  const pods = metricNotServed({ type: "Pods", pods: { metric: { name: "packets" }, target: {} } }, "shop");
  assert.equal(pods.why, `unable to get metric packets: ${api}`);
  const external = metricNotServed(
    { type: "External", external: { metric: { name: "queue" }, target: { averageValue: "10" } } },
    "shop",
  );
  const why =
    "unable to get external metric shop/queue/nil: unable to fetch metrics from external metrics API: the server could not find the requested resource (get queue.external.metrics.k8s.io)";
  assert.equal(external.why, why);
  assert.equal(
    external.error,
    `failed to get queue external metric value: failed to get queue external metric: ${why}`,
  );
  const chosen = { name: "queue", selector: { matchLabels: { b: "2", a: "1" } } };
  assert.match(
    metricNotServed({ type: "External", external: { metric: chosen, target: {} } }, "shop").why,
    /queue\/&LabelSelector\{MatchLabels:map\[string\]string\{a: 1,b: 2,\},MatchExpressions:\[\]LabelSelectorRequirement\{\},\}: /,
  );
});
