import type { KubeClient } from "@seaworthy/client";
import {
  isSidecar,
  parseDuration,
  parseTimestamp,
  podRequests,
  type Kinds,
  type KubeObject,
  type Pod,
} from "@seaworthy/kube";
import type { PodMetric } from "./group-pods.ts";
import type { MetricSpec } from "./horizontal-pod-autoscaler.ts";
import { proposeForNamedMetric } from "./propose-for-named-metric.ts";
import {
  averageTarget,
  proposeReplicas,
  utilizationTarget,
  type Situation,
  type Usage,
} from "./replica-calculator.ts";
import { quantityOf, thousandths } from "./thousandths.ts";

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
  kinds: Kinds,
  { namespace, selector }: { readonly namespace: string; readonly selector: string },
  situation: Omit<Situation, "metrics" | "resource">,
  spec: MetricSpec,
): Promise<Proposal> {
  const { type, resource, containerResource } = spec;
  const source = resource ?? containerResource;
  if (source === undefined)
    return await proposeForNamedMetric({ client, kinds, namespace, selector, situation }, spec);
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

function currentOf(name: string, { utilization, average }: Usage): object {
  const format = name === "memory" ? "binary" : "decimal";
  return {
    ...(utilization === undefined ? {} : { averageUtilization: utilization }),
    averageValue: quantityOf(average, format),
  };
}

/** calculateRequests: what pods ask for as a whole goes before what their containers do, unless one of these is meant. */
function requestsOf(pods: readonly Pod[], resource: string, container?: string): Map<string, number> {
  return new Map(
    pods.map((pod) => {
      const isWhole = container === undefined && Object.keys(pod.spec.resources?.requests ?? {}).length > 0;
      const request = isWhole ? wholeRequest(pod, resource) : requestOfContainers(pod, resource, container);
      return [pod.metadata.name, request];
    }),
  );
}

function wholeRequest(pod: Pod, resource: string): number {
  const request = podRequests(pod).get(resource);
  if (request === undefined)
    throw new Error(`missing pod-level request for ${resource} in Pod ${pod.metadata.name}`);
  return Number((request + 999_999n) / 1_000_000n);
}

function requestOfContainers(
  { metadata: { name }, spec }: Pod,
  resource: string,
  container?: string,
): number {
  const sidecars = (spec.initContainers ?? []).filter(isSidecar);
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
  return requests.reduce((sum, each) => sum + each, 0);
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
