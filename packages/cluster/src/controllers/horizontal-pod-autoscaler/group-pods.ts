import { parseTimestamp, type Pod } from "@seaworthy/kube";

/** What one pod uses, in thousandths. */
export interface PodMetric {
  readonly value: number;
  readonly takenAtMs: number;
  readonly windowMs: number;
}

/** Pods by what their metrics are worth. */
export interface PodGroups {
  readonly ready: number;
  readonly unready: readonly string[];
  readonly missing: readonly string[];
  readonly ignored: readonly string[];
}

/**
 * Sorts pods. The CPU of a pod that starts tells nothing of its load, so that it counts only when it was measured while the
 * pod was ready. https://github.com/kubernetes/kubernetes/blob/v1.36.3/pkg/controller/podautoscaler/replica_calculator.go (groupPods)
 */
export function groupPods(
  pods: readonly Pod[],
  metrics: ReadonlyMap<string, PodMetric>,
  resource: string,
  nowMs: number,
): PodGroups {
  const groups = { ready: 0, unready: [] as string[], missing: [] as string[], ignored: [] as string[] };
  for (const pod of pods) {
    const { name, deletionTimestamp } = pod.metadata;
    const metric = metrics.get(name);
    if (deletionTimestamp !== undefined || pod.status?.phase === "Failed") groups.ignored.push(name);
    else if (pod.status?.phase === "Pending") groups.unready.push(name);
    else if (metric === undefined) groups.missing.push(name);
    else if (resource === "cpu" && isStarting(pod, metric, nowMs)) groups.unready.push(name);
    else groups.ready += 1;
  }
  return groups;
}

const cpuInitializationMs = 300_000;
const initialReadinessMs = 30_000;

function isStarting({ status }: Pod, metric: PodMetric, nowMs: number): boolean {
  const condition = status?.conditions?.find(({ type }) => type === "Ready");
  const startedMs = parseTimestamp(status?.startTime);
  if (condition === undefined || startedMs === undefined) return true;
  const changedMs = parseTimestamp(condition.lastTransitionTime) ?? 0;
  const isFalse = condition.status === "False";
  if (startedMs + cpuInitializationMs > nowMs)
    return isFalse || metric.takenAtMs < changedMs + metric.windowMs;
  return isFalse && startedMs + initialReadinessMs > changedMs;
}
