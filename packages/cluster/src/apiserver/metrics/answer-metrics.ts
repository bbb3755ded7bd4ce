import { formatDuration, timestamp, type KubeObject, type Pod } from "@seaworthy/kube";
import type { ApiRequest, ApiResponse } from "@seaworthy/client";
import type { ApiContext } from "../api-context.ts";
import { chooseRepresentation } from "../http/representation.ts";
import { jsonResponse } from "../http/responses.ts";
import { methodNotAllowed, notFound, StatusError } from "../http/status-error.ts";
import { keyOf, type Resource, type Route } from "../resource.ts";
import { findRoute } from "../route.ts";
import { StoredObject } from "../store/stored-object.ts";
import { readOptions } from "../verbs/read-options.ts";
import { readSelection } from "../verbs/selection.ts";
import { metricsResources, usageOf, type Metrics } from "./metrics-types.ts";
import type { Measurement } from "./usage-meter.ts";

/**
 * Answers what nodes and pods use; undefined for other requests. Nothing of it is stored.
 * https://github.com/kubernetes-sigs/metrics-server/tree/master/pkg/api
 */
export async function answerMetrics(
  context: ApiContext,
  request: ApiRequest,
): Promise<ApiResponse | undefined> {
  const route = findRoute(request.path, {
    list: () => metricsResources,
    find: (group, version, plural) =>
      metricsResources.find(
        ({ type }) => type.group === group && type.version === version && type.plural === plural,
      ),
  });
  if (route === undefined || route.subresource !== undefined) return undefined;
  if (request.method !== "GET") throw methodNotAllowed();
  const { resource, namespace, name } = route;
  const representation = chooseRepresentation(resource, request, () => context.clock.now());
  if (name !== undefined) {
    const found = (await compute(context, route)).find(({ key }) => key === keyOf(namespace, name));
    if (found === undefined) throw noMetrics(resource, name);
    return jsonResponse(200, representation.object(found));
  }
  if (readOptions(request.query).watch) throw noWatch(resource);
  const selection = readSelection(resource, namespace, request.query);
  const items = (await compute(context, route)).filter((each) => selection.matches(each));
  return jsonResponse(200, representation.list(items, {}));
}

async function compute(context: ApiContext, { resource, namespace }: Route): Promise<StoredObject[]> {
  const measured = await context.usage.read();
  const metrics = resource.type.namespaced
    ? podMetrics(context, namespace, measured)
    : nodeMetrics(context, measured);
  return metrics.map((each) => new StoredObject(keyOf(each.metadata.namespace, each.metadata.name), 0, each));
}

/** Only pods that run have any. */
function podMetrics(context: ApiContext, namespace: string | undefined, measurement: Measurement): Metrics[] {
  const byPod = Map.groupBy(measurement.containers, (each) => keyOf(each.namespace, each.pod));
  return context.store.list("/pods", namespace).flatMap(({ key, object }) => {
    const own = byPod.get(key) ?? [];
    const names = (object as Pod).spec.containers.map(({ name }) => name);
    const place = (name: string) => names.indexOf(name);
    const containers = own
      .toSorted((left, right) => place(left.container) - place(right.container))
      .map(({ container, nanocores, memoryBytes }) => ({
        name: container,
        usage: usageOf(nanocores, memoryBytes),
      }));
    return own.length === 0
      ? []
      : [{ ...head(context, "PodMetrics", object, { ...measurement, containers: own }), containers }];
  });
}

/** A node uses what its pods use: the rest of the machine is not the cluster's. */
function nodeMetrics(context: ApiContext, measurement: Measurement): Metrics[] {
  const byNode = Map.groupBy(measurement.containers, ({ node }) => node);
  return context.store.list("/nodes").map(({ object }) => {
    const own = byNode.get(object.metadata.name) ?? [];
    const sum = (field: "nanocores" | "memoryBytes") => own.reduce((all, each) => all + each[field], 0);
    const usage = usageOf(sum("nanocores"), sum("memoryBytes"));
    return { ...head(context, "NodeMetrics", object, { ...measurement, containers: own }), usage };
  });
}

function head(
  { clock }: ApiContext,
  kind: string,
  { metadata: { name, namespace, labels } }: KubeObject,
  { takenAtMs, windowMs, containers }: Measurement,
): Metrics {
  const windows = containers.map((each) => each.windowMs);
  return {
    kind,
    apiVersion: "metrics.k8s.io/v1beta1",
    metadata: {
      name,
      ...(namespace === undefined ? {} : { namespace }),
      creationTimestamp: timestamp(clock.now()),
      ...(labels === undefined ? {} : { labels }),
    },
    timestamp: timestamp(takenAtMs),
    window: formatDuration(1e6 * (windows.length === 0 ? windowMs : Math.max(...windows))),
  };
}

/** metrics-server names a node by its singular, and a group in neither case. */
function noMetrics({ type }: Resource, name: string): StatusError {
  return notFound({ group: "", plural: type.namespaced ? "pods" : "node", kind: type.kind }, name);
}

function noWatch({ type }: Resource): StatusError {
  const message = `watch is not supported on resources of kind "${type.plural}.${type.group}"`;
  return new StatusError(405, "MethodNotAllowed", message, { group: type.group, kind: type.plural });
}
