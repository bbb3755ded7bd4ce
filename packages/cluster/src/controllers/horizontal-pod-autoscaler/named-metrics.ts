import { ApiError, type KubeClient } from "@seaworthy/client";
import { formatLabelSelector, parseTimestamp, type Kinds, type KubeObject } from "@seaworthy/kube";
import type { PodMetric } from "./group-pods.ts";
import type { DescribedObject, NamedMetric } from "./horizontal-pod-autoscaler.ts";
import { thousandths } from "./thousandths.ts";

type Metric = NamedMetric["metric"];

const customGroup = "custom.metrics.k8s.io";
const externalGroup = "external.metrics.k8s.io";
/** In the order in which they are tried. */
const customVersions = ["v1beta2", "v1beta1"];
const defaultWindowSeconds = 60;

/**
 * The values of a metric of pods, by the API of custom metrics, which an adapter serves.
 * https://github.com/kubernetes/kubernetes/blob/v1.36.3/pkg/controller/podautoscaler/metrics/client.go (GetRawMetric)
 */
export async function readPodsMetric(
  client: KubeClient,
  namespace: string,
  labelSelector: string,
  metric: Metric,
): Promise<Map<string, PodMetric>> {
  const items = await readCustom(client, { resource: "pods", namespace, name: "*" }, metric, labelSelector);
  if (items.length === 0) throw new Error("no metrics returned from custom metrics API");
  return new Map(
    items.map(({ describedObject, timestamp, windowSeconds, window, value }) => [
      describedObject?.name ?? "",
      {
        value: thousandths(value),
        takenAtMs: parseTimestamp(timestamp) ?? 0,
        windowMs: (windowSeconds ?? window ?? defaultWindowSeconds) * 1000,
      },
    ]),
  );
}

/** The value of a metric of one object, in thousandths (GetObjectMetric). */
export async function readObjectMetric(
  client: KubeClient,
  kinds: Kinds,
  namespace: string,
  described: DescribedObject,
  metric: Metric,
): Promise<number> {
  const place = placeOf(kinds, namespace, described);
  const items = await readCustom(client, place, metric);
  const [item] = items;
  if (item !== undefined && items.length === 1) return thousandths(item.value);
  const got = `the custom metrics API server returned ${items.length} results when we asked for exactly one`;
  throw new Error(`${fetching("custom")} ${got}`);
}

/** The values of a metric of something outside the cluster, in thousandths (GetExternalMetric). */
export async function readExternalMetric(
  client: KubeClient,
  namespace: string,
  { name, selector }: Metric,
): Promise<number[]> {
  const resource = encodeURIComponent(name);
  const type = { group: externalGroup, version: "v1beta1", plural: resource, kind: "", namespaced: true };
  const labelSelector = selector === undefined ? "" : formatLabelSelector(selector);
  const { items } = await client
    .list<MetricValue>(type, { namespace, ...(labelSelector === "" ? {} : { labelSelector }) })
    .catch((error: unknown) => {
      throw new Error(`${fetching("external")} ${wordsOf(error, `${name}.${externalGroup}`)}`, {
        cause: error,
      });
    });
  if (items.length === 0) throw new Error("no metrics returned from external metrics API");
  return items.map(({ value }) => thousandths(value));
}

/** A value, as v1beta1 and v1beta2 have it. */
interface MetricValue extends KubeObject {
  readonly describedObject?: { readonly name?: string };
  readonly timestamp?: string;
  readonly windowSeconds?: number | null;
  readonly window?: number | null;
  readonly value: string;
}

/** Whose metric is asked for. The one of a namespace is found in that itself. */
interface Place {
  readonly resource: string;
  readonly namespace: string;
  readonly name?: string;
}

function placeOf(kinds: Kinds, namespace: string, { apiVersion = "v1", kind, name }: DescribedObject): Place {
  if (kind === "Namespace" && apiVersion === "v1") return { resource: "metrics", namespace };
  const type = kinds.find(apiVersion, kind);
  const group = apiVersion.includes("/") ? `.${apiVersion.split("/")[0] ?? ""}` : "";
  if (type === undefined) {
    const none = `no matches for kind ${JSON.stringify(kind)} in group ${JSON.stringify(group.slice(1))}`;
    throw new Error(`${fetching("custom")} unable to map kind ${kind}${group} to resource: ${none}`);
  }
  return { resource: `${type.plural}${group}`, namespace, name };
}

async function readCustom(
  client: KubeClient,
  { resource, namespace, name }: Place,
  { name: metric, selector }: Metric,
  labelSelector = "",
): Promise<readonly MetricValue[]> {
  const metricLabelSelector = selector === undefined ? "" : formatLabelSelector(selector);
  try {
    const served = await client.versions(customGroup);
    const version = customVersions.find((each) => served.includes(each));
    if (version === undefined) throw new Error(`no custom metrics API (${customGroup}) registered`);
    const parts = [resource, ...(name === undefined ? [] : [name]), metric].map(escapePart);
    const type = { group: customGroup, version, plural: parts.join("/"), kind: "", namespaced: true };
    const { items } = await client.list<MetricValue>(type, {
      namespace,
      ...(labelSelector === "" ? {} : { labelSelector }),
      ...(metricLabelSelector === "" ? {} : { metricLabelSelector }),
    });
    return items;
  } catch (error) {
    const asked = `${resource}.${customGroup} ${name ?? metric}`;
    throw new Error(`${fetching("custom")} ${wordsOf(error, asked)}`, { cause: error });
  }
}

function fetching(api: "custom" | "external"): string {
  return `unable to fetch metrics from ${api} metrics API:`;
}

/** Adapters expect the `*` as it is. */
function escapePart(part: string): string {
  return part === "*" ? part : encodeURIComponent(part);
}

/** What Kubernetes' own client says of answers that are no Status of somebody's. */
function wordsOf(error: unknown, asked: string): string {
  const { message } = error as Error;
  if (!(error instanceof ApiError)) return message;
  if (error.httpCode === 503 && message.includes("service unavailable"))
    return `the server is currently unable to handle the request (get ${asked})`;
  const unknown = "the server could not find the requested resource";
  return error.httpCode === 404 && message.includes(unknown) ? `${unknown} (get ${asked})` : message;
}
