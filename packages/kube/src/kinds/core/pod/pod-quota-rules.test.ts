import assert from "node:assert/strict";
import { test } from "node:test";
import type { Pod } from "../../../object.ts";
import { podQuotaRules } from "./pod-quota-rules.ts";

const nowMs = Date.parse("2026-01-01T00:10:00Z");

function pod(spec: Partial<Pod["spec"]>, more: Partial<Pod> = {}): Pod {
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name: "p" },
    spec: {
      containers: [{ name: "c", resources: { requests: { cpu: "1", "a.example/gpu": "2" } } }],
      ...spec,
    },
    ...more,
  };
}

test("a pod uses what its containers, its largest init container and its overhead come to", () => {
  const init = { name: "i", resources: { requests: { cpu: "1500m" }, limits: { memory: "64Mi" } } };
  const usage = podQuotaRules.usage(
    pod({ initContainers: [init], overhead: { cpu: "100m", memory: "1Mi" } }),
    nowMs,
  );
  assert.deepEqual(usage, {
    "count/pods": "1",
    pods: "1",
    cpu: "1600m",
    "requests.cpu": "1600m",
    memory: "1Mi",
    "requests.memory": "1Mi",
    "limits.memory": "65Mi",
    "requests.a.example/gpu": "2",
  });
});

test("what a pod says as a whole goes before what its containers say", () => {
  const usage = podQuotaRules.usage(pod({ resources: { requests: { cpu: "3" } } }), nowMs);
  assert.deepEqual([usage["cpu"], usage["requests.a.example/gpu"]], ["3", "2"]);
  assert.equal(podQuotaRules.lacks?.(pod({ resources: { limits: { cpu: "3" } } }), ["memory"]), undefined);
});

test("a pod that has ended, or should have by now, counts as an object alone", () => {
  const ended = pod({}, { status: { phase: "Failed" } });
  assert.deepEqual(podQuotaRules.usage(ended, nowMs), { "count/pods": "1" });
  const metadata = { name: "p", deletionTimestamp: "2026-01-01T00:09:00Z", deletionGracePeriodSeconds: 30 };
  assert.deepEqual(podQuotaRules.usage(pod({}, { metadata }), nowMs), { "count/pods": "1" });
  assert.notDeepEqual(podQuotaRules.usage(pod({}, { metadata }), nowMs - 31_000), { "count/pods": "1" });
  assert.equal(podQuotaRules.frees?.(ended, pod({}), nowMs), true);
});

test("a quota of cpu or memory demands that each container says what it needs", () => {
  const silent = pod({ containers: [{ name: "b" }, { name: "a" }] });
  assert.equal(
    podQuotaRules.lacks?.(silent, ["pods", "limits.memory", "cpu", "requests.ephemeral-storage"]),
    "must specify cpu for: a,b; limits.memory for: a,b",
  );
});

test("pods are in scopes by their deadline, their class of service, their priority and whom they avoid", () => {
  const isIn = (object: Pod, scopeName: string, operator = "Exists", values: string[] = []) =>
    podQuotaRules.isInScope?.(object, { scopeName, operator, values });
  assert.deepEqual(
    [isIn(pod({}), "NotTerminating"), isIn(pod({ activeDeadlineSeconds: 0 }), "Terminating")],
    [true, true],
  );
  assert.deepEqual(
    [isIn(pod({ containers: [] }), "BestEffort"), isIn(pod({}), "NotBestEffort")],
    [true, true],
  );
  const high = pod({ priorityClassName: "high" });
  assert.deepEqual(
    [
      isIn(high, "PriorityClass", "In", ["high", "x"]),
      isIn(high, "PriorityClass", "NotIn", ["high"]),
      isIn(high, "PriorityClass"),
      isIn(pod({}), "PriorityClass"),
      isIn(pod({}), "PriorityClass", "DoesNotExist"),
    ],
    [true, false, true, false, true],
  );
  const term = { topologyKey: "zone", namespaces: ["other"] };
  const podAntiAffinity = {
    preferredDuringSchedulingIgnoredDuringExecution: [{ weight: 1, podAffinityTerm: term }],
  };
  assert.equal(isIn(pod({ affinity: { podAntiAffinity } }), "CrossNamespacePodAffinity"), true);
  assert.equal(isIn(pod({}), "VolumeAttributesClass"), false);
});
