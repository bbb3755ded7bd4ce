import { deepEqual } from "../../../deep-equal.ts";
import type { KubeObject, Pod } from "../../../object.ts";
import type { QuotaRules } from "../../../quota/quota-rules.ts";
import { matchesClass, type ScopeRequirement } from "../../../quota/quota-scopes.ts";
import type { ResourceList } from "../../../quota/resource-list.ts";
import { parseTimestamp } from "../../meta/timestamp.ts";
import { podResourceLists } from "./pod-resource-lists.ts";
import { hasPodEnded } from "./pod-state.ts";
import { qosClassOf } from "./qos-class.ts";

/**
 * How pods count for ResourceQuotas: by their number, and by what they request and are limited to.
 * https://github.com/kubernetes/kubernetes/blob/v1.36.3/pkg/quota/v1/evaluator/core/pods.go
 */
export const podQuotaRules: QuotaRules = {
  tracks: (resource) =>
    resources.has(resource) ||
    resource.startsWith("hugepages-") ||
    resource.startsWith("requests.hugepages-") ||
    (resource.startsWith("requests.") && isExtended(resource)),
  usage(object, nowMs) {
    const pod = object as Pod;
    const count = { "count/pods": "1" };
    if (isOver(pod, nowMs)) return count;
    const { requests, limits } = podResourceLists(pod, { withOverhead: true });
    return { ...count, ...computeUsage(requests, limits) };
  },
  isInScope: (object, scope) => isInScope(object as Pod, scope),
  lacks: (object, demanded) => lacks(object as Pod, demanded),
  checksUpdate: (object, old) =>
    hasDeadline(object as Pod) !== hasDeadline(old as Pod) || isResized(object as Pod, old as Pod),
  frees: (object: KubeObject, old: KubeObject, nowMs: number) =>
    hasDeadline(object as Pod) !== hasDeadline(old as Pod) ||
    (!isOver(old as Pod, nowMs) && isOver(object as Pod, nowMs)),
};

function isResized({ spec }: Pod, { spec: before }: Pod): boolean {
  const resourcesOf = ({ initContainers = [], containers }: Pod["spec"]) =>
    [...initContainers, ...containers].map(({ resources }) => resources ?? {});
  return !deepEqual(resourcesOf(spec), resourcesOf(before));
}

const counted = ["cpu", "memory", "ephemeral-storage"] as const;

const resources: ReadonlySet<string> = new Set([
  "count/pods",
  "pods",
  ...counted.flatMap((name) => [name, `requests.${name}`, `limits.${name}`]),
]);

/** Whether a quota of these demands that each container says what it needs, which Kubernetes has called a mistake. */
const demanding: ReadonlySet<string> = new Set(
  ["cpu", "memory"].flatMap((name) => [name, `requests.${name}`, `limits.${name}`]),
);

function isExtended(name: string): boolean {
  return name.includes("/") && !name.includes("kubernetes.io/");
}

/** A pod that has ended, or whose time to end is over, uses nothing any more. */
function isOver(pod: Pod, nowMs: number): boolean {
  if (hasPodEnded(pod)) return true;
  const { deletionTimestamp, deletionGracePeriodSeconds } = pod.metadata;
  const deletedMs = parseTimestamp(deletionTimestamp);
  if (deletedMs === undefined || deletionGracePeriodSeconds === undefined) return false;
  return nowMs > deletedMs + deletionGracePeriodSeconds * 1000;
}

/** podComputeUsageHelper */
function computeUsage(requests: ResourceList | undefined, limits: ResourceList | undefined): ResourceList {
  const usage: Record<string, string> = { pods: "1" };
  for (const name of counted) {
    const [request, limit] = [requests?.[name], limits?.[name]];
    if (request !== undefined) Object.assign(usage, { [name]: request, [`requests.${name}`]: request });
    if (limit !== undefined) usage[`limits.${name}`] = limit;
  }
  for (const [name, request] of Object.entries(requests ?? {})) {
    if (name.startsWith("hugepages-")) usage[name] = request;
    if (name.startsWith("hugepages-") || isExtended(name)) usage[`requests.${name}`] = request;
  }
  return usage;
}

function lacks({ spec }: Pod, demanded: readonly string[]): string | undefined {
  if (Object.keys({ ...spec.resources?.requests, ...spec.resources?.limits }).length > 0) return undefined;
  const containers = [...spec.containers, ...(spec.initContainers ?? [])];
  const missing = demanded
    .filter((resource) => demanding.has(resource))
    .toSorted()
    .flatMap((resource) => {
      const names = containers
        .filter((container) => {
          const { requests, limits } = container.resources ?? {};
          return computeUsage(requests, limits)[resource] === undefined;
        })
        .map(({ name }) => name);
      return names.length === 0 ? [] : [`${resource} for: ${[...new Set(names)].toSorted().join(",")}`];
    });
  return missing.length === 0 ? undefined : `must specify ${missing.join("; ")}`;
}

function isInScope(pod: Pod, scope: ScopeRequirement): boolean {
  switch (scope.scopeName) {
    case "Terminating":
      return hasDeadline(pod);
    case "NotTerminating":
      return !hasDeadline(pod);
    case "BestEffort":
      return qosClassOf(pod) === "BestEffort";
    case "NotBestEffort":
      return qosClassOf(pod) !== "BestEffort";
    case "PriorityClass": {
      const { priorityClassName = "" } = pod.spec;
      return matchesClass(scope, priorityClassName === "" ? [] : [priorityClassName]);
    }
    case "CrossNamespacePodAffinity":
      return looksBeyondNamespace(pod);
    default:
      return false;
  }
}

function hasDeadline({ spec }: Pod): boolean {
  return (spec.activeDeadlineSeconds ?? -1) >= 0;
}

function looksBeyondNamespace({ spec: { affinity } }: Pod): boolean {
  const terms = [affinity?.podAffinity, affinity?.podAntiAffinity].flatMap((each) => [
    ...(each?.requiredDuringSchedulingIgnoredDuringExecution ?? []),
    ...(each?.preferredDuringSchedulingIgnoredDuringExecution ?? []).map(
      ({ podAffinityTerm }) => podAffinityTerm,
    ),
  ]);
  return terms.some(
    ({ namespaces = [], namespaceSelector }) => namespaces.length > 0 || namespaceSelector !== undefined,
  );
}
