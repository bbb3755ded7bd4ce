import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { createClient } from "@seaworthy/client";
import { createKinds, type Pod } from "@seaworthy/kube";
import type { MetricSpec } from "./horizontal-pod-autoscaler.ts";
import { proposeForNamedMetric } from "./propose-for-named-metric.ts";

const kinds = createKinds();
const nowMs = Date.parse("2026-01-01T00:00:00Z");
const tolerances = { scaleDown: 0.1, scaleUp: 0.1 };
const custom = "/apis/custom.metrics.k8s.io";
const external = "/apis/external.metrics.k8s.io/v1beta1";

function pod(name: string, isReady = true): Pod {
  const conditions = [{ type: "Ready", status: isReady ? "True" : "False" }];
  const status = { phase: "Running", conditions };
  return { apiVersion: "v1", kind: "Pod", metadata: { name }, spec: { containers: [] }, status };
}

/** Asks for a metric of a target of three ready pods, where `answers` are what is served by path and query. */
async function propose(
  spec: MetricSpec,
  answers: Readonly<Record<string, object | string>> = {},
  pods: readonly Pod[] = [pod("a"), pod("b"), pod("c")],
) {
  const client = createClient(async ({ path, query }) => {
    const answer = answers[query.size === 0 ? path : `${path}?${query.toString()}`];
    if (typeof answer === "string") return { status: 503, headers: {}, body: answer };
    const message = "the server could not find the requested resource";
    const none = { kind: "Status", status: "Failure", message, code: 404 };
    return { status: answer === undefined ? 404 : 200, headers: {}, body: JSON.stringify(answer ?? none) };
  });
  const situation = { current: 3, running: 3, pods, tolerances, nowMs };
  const question = { client, kinds, namespace: "shop", selector: "app=web", situation };
  return await proposeForNamedMetric(question, spec);
}

function values(...items: object[]) {
  const metadata = {};
  return { kind: "MetricValueList", apiVersion: "custom.metrics.k8s.io/v1beta2", metadata, items };
}

function served(...versions: string[]) {
  const listed = versions.map((version) => ({ groupVersion: `custom.metrics.k8s.io/${version}`, version }));
  return { [custom]: { kind: "APIGroup", name: "custom.metrics.k8s.io", versions: listed } };
}

const timestamp = "2026-01-01T00:00:00Z";
const ofPods = (...amounts: string[]) =>
  values(
    ...amounts.map((value, index) => {
      const describedObject = { kind: "Pod", namespace: "shop", name: "abc"[index] };
      return { describedObject, metric: { name: "hits" }, timestamp, value };
    }),
  );

describe("a metric of pods", () => {
  const spec = { type: "Pods", pods: { metric: { name: "hits" }, target: { averageValue: "10" } } };
  const path = `${custom}/v1beta2/namespaces/shop/pods/*/hits?labelSelector=app%3Dweb`;

  test("is held at its average over them", async () => {
    assert.deepEqual(
      await propose(spec, { ...served("v1beta1", "v1beta2"), [path]: ofPods("20", "20500m", "20") }),
      {
        replicas: 7,
        metric: "pods metric hits",
        status: { type: "Pods", pods: { metric: { name: "hits" }, current: { averageValue: "20166m" } } },
      },
    );
    const near = await propose(spec, { ...served("v1beta2"), [path]: ofPods("10", "11", "12") });
    assert.equal("replicas" in near && near.replicas, 3);
  });

  test("is read in the older version, and by its selector", async () => {
    const metric = { name: "hits", selector: { matchLabels: { verb: "GET" } } };
    const query = "labelSelector=app%3Dweb&metricLabelSelector=verb%3DGET";
    const older = `${custom}/v1beta1/namespaces/shop/pods/*/hits?${query}`;
    const found = await propose(
      { type: "Pods", pods: { metric, target: { averageValue: "10" } } },
      { ...served("v1beta1"), [older]: ofPods("20", "20", "20") },
    );
    assert.equal("replicas" in found && found.replicas, 6);
  });

  test("of which nothing is known of some changes least", async () => {
    const some = await propose(spec, { ...served("v1beta2"), [path]: ofPods("30", "30") });
    assert.equal("replicas" in some && some.replicas, 6);
    const none = await propose(spec, { ...served("v1beta2"), [path]: ofPods() });
    const why = "unable to get metric hits: no metrics returned from custom metrics API";
    assert.deepEqual(none, {
      reason: "FailedGetPodsMetric",
      why,
      error: `failed to get pods metric value: ${why}`,
    });
  });
});

describe("a metric of an object", () => {
  const describedObject = { apiVersion: "networking.k8s.io/v1", kind: "Ingress", name: "front" };
  const path = `${custom}/v1beta2/namespaces/shop/ingresses.networking.k8s.io/front/hits`;
  const object = (target: object) => ({
    type: "Object",
    object: { metric: { name: "hits" }, describedObject, target },
  });
  const answers = { ...served("v1beta2"), [path]: values({ timestamp, value: "400" }) };

  test("is held at a value, which counts the pods that are ready", async () => {
    assert.deepEqual(await propose(object({ value: "100" }), answers), {
      replicas: 12,
      metric: "Ingress metric hits",
      status: {
        type: "Object",
        object: { metric: { name: "hits" }, describedObject, current: { value: "400" } },
      },
    });
    const pods = [pod("a"), pod("b", false), pod("c")];
    const some = await propose(object({ value: "100" }), answers, pods);
    assert.equal("replicas" in some && some.replicas, 8);
  });

  test("is shared by the pods where the target is an average", async () => {
    const found = await propose(object({ averageValue: "50" }), answers);
    assert.deepEqual(found, {
      replicas: 8,
      metric: "external metric hits(nil)",
      status: {
        type: "Object",
        object: { metric: { name: "hits" }, describedObject, current: { averageValue: "133334m" } },
      },
    });
  });

  test("of a namespace is found in that", async () => {
    const found = await propose(
      {
        type: "Object",
        object: {
          metric: { name: "hits" },
          describedObject: { apiVersion: "v1", kind: "Namespace", name: "x" },
          target: { value: "100" },
        },
      },
      { ...served("v1beta2"), [`${custom}/v1beta2/namespaces/shop/metrics/hits`]: values({ value: "100" }) },
    );
    assert.equal("replicas" in found && found.replicas, 3);
  });

  test("of a kind that is not there is told of", async () => {
    const found = await propose(
      {
        type: "Object",
        object: {
          metric: { name: "hits" },
          describedObject: { apiVersion: "sea.example.com/v1", kind: "Boat", name: "x" },
          target: { value: "100" },
        },
      },
      served("v1beta2"),
    );
    assert.match(
      "why" in found ? found.why : "",
      /unable to map kind Boat\.sea\.example\.com to resource: no matches/,
    );
  });
});

describe("a metric of something outside the cluster", () => {
  const metric = { name: "queue", selector: { matchLabels: { name: "jobs" } } };
  const path = `${external}/namespaces/shop/queue?labelSelector=name%3Djobs`;
  const answers = { [path]: values({ timestamp, value: "70" }, { timestamp, value: "80" }) };

  test("is the sum of its values, held at a value or at an average", async () => {
    const whole = await propose({ type: "External", external: { metric, target: { value: "50" } } }, answers);
    const name = `external metric queue(&LabelSelector{MatchLabels:map[string]string{name: jobs,},MatchExpressions:[]LabelSelectorRequirement{},})`;
    const told = { type: "External", external: { metric, current: { value: "150" } } };
    assert.deepEqual(whole, { replicas: 9, metric: name, status: told });
    const target = { averageValue: "30" };
    const shared = await propose({ type: "External", external: { metric, target } }, answers);
    const current = { averageValue: "50" };
    assert.deepEqual(shared, {
      replicas: 5,
      metric: name,
      status: { type: "External", external: { metric, current } },
    });
  });

  test("whose server cannot be asked is told of in Kubernetes' words", async () => {
    const found = await propose(
      { type: "External", external: { metric: { name: "queue" }, target: { value: "50" } } },
      { [`${external}/namespaces/shop/queue`]: "service unavailable\n" },
    );
    const why =
      "unable to get external metric shop/queue/nil: unable to fetch metrics from external metrics API: the server is currently unable to handle the request (get queue.external.metrics.k8s.io)";
    assert.equal("why" in found && found.why, why);
  });
});

// As Kubernetes v1.36.3 with a metrics-server and no adapter says it.
test("metrics that nobody serves are told of in Kubernetes' words", async () => {
  const api =
    "unable to fetch metrics from custom metrics API: no custom metrics API (custom.metrics.k8s.io) registered";
  const describedObject = { kind: "Service", name: "web" };
  assert.deepEqual(
    await propose({
      type: "Object",
      object: { metric: { name: "hits" }, target: { value: "1" }, describedObject },
    }),
    {
      reason: "FailedGetObjectMetric",
      why: `unable to get metric hits: Service on shop web/${api}`,
      error: `failed to get object metric value: unable to get metric hits: Service on shop web/${api}`,
    },
  );
  const pods = await propose({
    type: "Pods",
    pods: { metric: { name: "packets" }, target: { averageValue: "1" } },
  });
  assert.equal("why" in pods && pods.why, `unable to get metric packets: ${api}`);
  const outside = await propose({
    type: "External",
    external: { metric: { name: "queue" }, target: { averageValue: "10" } },
  });
  const why =
    "unable to get external metric shop/queue/nil: unable to fetch metrics from external metrics API: the server could not find the requested resource (get queue.external.metrics.k8s.io)";
  assert.deepEqual(outside, {
    reason: "FailedGetExternalMetric",
    why,
    error: `failed to get queue external metric value: failed to get queue external metric: ${why}`,
  });
});
