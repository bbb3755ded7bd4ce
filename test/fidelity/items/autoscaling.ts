import assert from "node:assert/strict";
import type { Asker, Json } from "../asker.ts";
import type { Item } from "../item.ts";
import { unplacedTemplate } from "../play-node.ts";

/** What HorizontalPodAutoscalers do and tell without metrics. */
export const autoscalingItems: readonly Item[] = [
  {
    number: 72,
    title: "an autoscaler holds its target within the bounds, leaves 0 alone, and says what it cannot do",
    needs: ["controllers"],
    async check(asker) {
      for (const [name, replicas] of [
        ["large", 5],
        ["small", 1],
        ["zero", 0],
      ] as const)
        await createTarget(asker, name, replicas);
      for (const name of ["large", "small", "zero", "absent"]) await createAutoscaler(asker, name);
      const [large, small, zero, absent] = await Promise.all([
        untilSettled(asker, "large", "ScalingActive"),
        untilSettled(asker, "small", "ScalingActive"),
        untilSettled(asker, "zero", "ScalingActive"),
        untilSettled(asker, "absent", "AbleToScale"),
      ]);
      assert.deepEqual(conditionsOf(large), [
        "AbleToScale True SucceededGetScale: the HPA controller was able to get the target's current scale",
        "ScalingActive False FailedGetPodsMetric",
      ]);
      assert.deepEqual([large.status.currentReplicas, small.status.currentReplicas], [3, 2]);
      assert.deepEqual(large.status.currentMetrics, [{ type: "" }]);
      assert.deepEqual(conditionsOf(zero), [
        "AbleToScale True SucceededGetScale: the HPA controller was able to get the target's current scale",
        "ScalingActive False ScalingDisabled: scaling is disabled since the replica count of the target is zero",
      ]);
      assert.equal(zero.status.currentReplicas, undefined);
      const missing = 'deployments.apps "absent" not found';
      assert.deepEqual(conditionsOf(absent), [
        `AbleToScale False FailedGetScale: the HPA controller was unable to get the target's current scale: ${missing}`,
      ]);
      const bound = (size: number, which: string) =>
        `SuccessfulRescale New size: ${size}; reason: Current number of replicas ${which}`;
      const told = await eventsOf(asker);
      for (const event of [
        bound(3, "above Spec.MaxReplicas"),
        bound(2, "below Spec.MinReplicas"),
        `FailedGetScale ${missing}`,
      ])
        assert.ok(told.includes(event), `${event} is not among ${told.join("\n")}`);
    },
  },
];

async function createTarget(asker: Asker, name: string, replicas: number): Promise<void> {
  await asker.create(`/apis/apps/v1/namespaces/${asker.namespace}/deployments`, {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name },
    spec: {
      replicas,
      selector: { matchLabels: { app: name } },
      template: unplacedTemplate(name, asker.image),
    },
  });
}

async function createAutoscaler(asker: Asker, name: string): Promise<void> {
  const target = { type: "AverageValue", averageValue: "10" };
  await asker.create(autoscalers(asker), {
    apiVersion: "autoscaling/v2",
    kind: "HorizontalPodAutoscaler",
    metadata: { name },
    spec: {
      scaleTargetRef: { apiVersion: "apps/v1", kind: "Deployment", name },
      minReplicas: 2,
      maxReplicas: 3,
      metrics: [{ type: "Pods", pods: { metric: { name: "not-measured" }, target } }],
    },
  });
}

function autoscalers({ namespace }: Asker): string {
  return `/apis/autoscaling/v2/namespaces/${namespace}/horizontalpodautoscalers`;
}

/** Waits until a condition is false, which is the last that is told of each. */
async function untilSettled(asker: Asker, name: string, wanted: string): Promise<Json> {
  return await asker.until(
    `${autoscalers(asker)}/${name}`,
    ({ status }) =>
      status?.conditions?.some(({ type, status: is }: Json) => type === wanted && is === "False") === true,
  );
}

/** What a metric that cannot be had is told of with depends on who serves metrics there. */
function conditionsOf({ status }: Json): string[] {
  return status.conditions
    .map(({ type, status: is, reason, message }: Json) => {
      const text = reason.endsWith("Metric") ? "" : `: ${message}`;
      return `${type} ${is} ${reason}${text}`;
    })
    .toSorted();
}

async function eventsOf({ namespace, get }: Asker): Promise<string[]> {
  const { items } = await get(`/api/v1/namespaces/${namespace}/events`);
  return items.map(({ reason, message }: Json) => `${reason} ${message}`);
}
