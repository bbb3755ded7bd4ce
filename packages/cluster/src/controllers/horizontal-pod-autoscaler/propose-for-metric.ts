import type { KubeClient } from "@seaworthy/client";
import {
  formatQuantity,
  parseDuration,
  parseQuantity,
  parseTimestamp,
  type KubeObject,
  type Pod,
} from "@seaworthy/kube";
import type { PodMetric } from "./group-pods.ts";
import type { MetricSpec } from "./horizontal-pod-autoscaler.ts";
import {
  averageTarget,
  proposeReplicas,
  utilizationTarget,
  type Situation,
  type Usage,
} from "./replica-calculator.ts";

/** What one metric asks for, or why it does not. */
export type Proposal =
  | { readonly replicas: number; readonly metric: string; readonly status: object }
  | { readonly reason: string; readonly why: string; readonly error: string };

/**
 * Asks for a metric and proposes replicas by it.
 * https://github.com/kubernetes/kubernetes/blob/v1.36.3/pkg/controller/podautoscaler/horizontal.go (computeReplicasForMetric)
 */
export async function proposeForMetric(
  client: KubeClient,
  { namespace, selector }: { readonly namespace: string; readonly selector: string },
  situation: Omit<Situation, "metrics" | "resource">,
  spec: MetricSpec,
): Promise<Proposal> {
  const { type, resource, containerResource } = spec;
  const source = resource ?? containerResource;
  if (source === undefined) return notServed(spec);
  const { name, target } = source;
  const container = containerResource?.container;
  const what = target.averageValue === undefined ? "utilization" : "usage";
  try {
    const metrics = await readMetrics(client, namespace, selector, name, container).catch(
      (error: unknown) => {
        throw new Error(`unable to get metrics for resource ${name}: ${(error as Error).message}`);
      },
    );
    const { replicas, usage } = proposeReplicas({ ...situation, metrics, resource: name }, (all) =>
      target.averageValue === undefined
        ? utilizationTarget(requestsOf(all, name, container), target.averageUtilization ?? 0)
        : averageTarget(thousandths(target.averageValue)),
    );
    const told = { name, current: currentOf(name, usage) };
    const kind = container === undefined ? "resource" : "container resource";
    return {
      replicas,
      metric:
        usage.utilization === undefined
          ? `${name} resource`
          : `${name} ${kind} utilization (percentage of request)`,
      status:
        container === undefined
          ? { type, resource: told }
          : { type, containerResource: { ...told, container } },
    };
  } catch (error) {
    const why = `failed to get ${name} ${what}: ${(error as Error).message}`;
    const whose = container === undefined ? `${name} resource` : `${container} container`;
    return { reason: `FailedGet${type}Metric`, why, error: `failed to get ${whose} metric value: ${why}` };
  }
}

/** Nobody serves these, and a client that asks is told so in these words. */
function notServed({ type, pods, object, external }: MetricSpec): Proposal {
  const api = (name: string) =>
    `unable to fetch metrics from ${name} metrics API: no ${name} metrics API (${name}.metrics.k8s.io) registered`;
  const reason = `FailedGet${type}Metric`;
  if (external !== undefined) {
    const why = `unable to get external metric ${external.metric.name}: ${api("external")}`;
    return { reason, why, error: `failed to get ${external.metric.name} external metric value: ${why}` };
  }
  const name = (pods ?? object)?.metric.name ?? "";
  const why = `unable to get metric ${name}: ${api("custom")}`;
  return { reason, why, error: `failed to get ${type.toLowerCase()} metric value: ${why}` };
}

function currentOf(name: string, { utilization, average }: Usage): object {
  const format = name === "memory" ? "binary" : "decimal";
  return {
    ...(utilization === undefined ? {} : { averageUtilization: utilization }),
    averageValue: formatQuantity(BigInt(average) * 1_000_000n, format),
  };
}

/** calculatePodRequestsFromContainers. */
function requestsOf(pods: readonly Pod[], resource: string, container?: string): Map<string, number> {
  return new Map(
    pods.map(({ metadata: { name }, spec }) => {
      const sidecars = (spec.initContainers ?? []).filter(({ restartPolicy }) => restartPolicy === "Always");
      const counted = [...spec.containers, ...sidecars].filter(
        (each) => container === undefined || each.name === container,
      );
      if (counted.length === 0) throw new Error(`container ${container ?? ""} not found in Pod ${name}`);
      const requests = counted.map((each) => {
        const request = each.resources?.requests?.[resource];
        if (request === undefined)
          throw new Error(`missing request for ${resource} in container ${each.name} of Pod ${name}`);
        return thousandths(request);
      });
      return [name, requests.reduce((sum, each) => sum + each, 0)] as const;
    }),
  );
}

/** PodMetrics of metrics.k8s.io, as far as they are needed. */
interface PodMetrics extends KubeObject {
  readonly timestamp: string;
  readonly window: string;
  readonly containers: readonly { readonly name: string; readonly usage: Readonly<Record<string, string>> }[];
}

const podMetricsType = {
  group: "metrics.k8s.io",
  version: "v1beta1",
  plural: "pods",
  kind: "PodMetrics",
  namespaced: true,
};

async function readMetrics(
  client: KubeClient,
  namespace: string,
  labelSelector: string,
  resource: string,
  container: string | undefined,
): Promise<Map<string, PodMetric>> {
  const { items } = await client.list<PodMetrics>(podMetricsType, { namespace, labelSelector });
  if (items.length === 0) throw new Error("no metrics returned from resource metrics API");
  const metrics = new Map<string, PodMetric>();
  for (const { metadata, timestamp, window, containers } of items) {
    const values = containers
      .filter(({ name }) => container === undefined || name === container)
      .map(({ usage }) => usage[resource]);
    if (values.length === 0 || values.includes(undefined)) continue;
    const value = values.reduce((sum, each) => sum + thousandths(each ?? 0), 0);
    metrics.set(metadata.name, {
      value,
      takenAtMs: parseTimestamp(timestamp) ?? 0,
      windowMs: parseDuration(window) / 1e6,
    });
  }
  return metrics;
}

/** A Quantity's MilliValue, which is rounded up. */
function thousandths(quantity: string | number): number {
  return Number((parseQuantity(quantity) + 999_999n) / 1_000_000n);
}
