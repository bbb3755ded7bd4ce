import { hasPodEnded } from "./pod-state.ts";
import type { ContainerStatus, Pod } from "../../../object.ts";
import { isSidecar } from "./running-containers.ts";
import { ageOf } from "../../columns/human-duration.ts";

/** What `kubectl get pods` says of a pod. */
export interface PodSummary {
  readonly ready: number;
  readonly total: number;
  /** The STATUS column: `Running`, `Init:0/1`, `CrashLoopBackOff`, `Terminating`. */
  readonly reason: string;
  readonly restarts: string;
}

/** printPod of https://github.com/kubernetes/kubernetes/blob/master/pkg/printers/internalversion/printers.go */
export function summarizePod(pod: Pod, nowMs: number): PodSummary {
  const status = pod.status ?? {};
  const sidecars = new Set((pod.spec.initContainers ?? []).filter(isSidecar).map(({ name }) => name));
  const init = summarizeInit(pod, sidecars);
  let { restarts, ready } = init;
  let reason = init.reason ?? gatedReason(pod) ?? (status.reason || (status.phase ?? ""));
  if (init.reason === undefined || conditionIsTrue(pod, "Initialized")) {
    const main = summarizeContainers(pod, reason);
    reason = main.reason;
    ready += main.ready;
    restarts = [...init.sidecarRestarts, ...main.restarts];
  }
  if (pod.metadata.deletionTimestamp !== undefined) {
    if (status.reason === "NodeLost") reason = "Unknown";
    else if (!hasPodEnded(pod)) reason = "Terminating";
  }
  return {
    ready,
    total: pod.spec.containers.length + sidecars.size,
    reason,
    restarts: formatRestarts(restarts, nowMs),
  };
}

interface Restarts {
  readonly count: number;
  readonly last: string | undefined;
}

function summarizeInit(pod: Pod, sidecars: ReadonlySet<string>) {
  const restarts: Restarts[] = [];
  const sidecarRestarts: Restarts[] = [];
  let ready = 0;
  for (const [index, container] of (pod.status?.initContainerStatuses ?? []).entries()) {
    restarts.push(restartsOf(container));
    const isSidecar = sidecars.has(container.name);
    if (isSidecar) sidecarRestarts.push(restartsOf(container));
    const { terminated, waiting } = container.state ?? {};
    if (terminated?.exitCode === 0) continue;
    if (isSidecar && container.started === true) {
      if (container.ready) ready += 1;
      continue;
    }
    let reason = `Init:${index}/${(pod.spec.initContainers ?? []).length}`;
    if (terminated !== undefined) reason = `Init:${endReason(terminated)}`;
    else if (waiting?.reason && waiting.reason !== "PodInitializing") reason = `Init:${waiting.reason}`;
    return { reason, restarts, sidecarRestarts, ready };
  }
  return { reason: undefined, restarts, sidecarRestarts, ready };
}

function summarizeContainers(pod: Pod, initialReason: string) {
  const restarts: Restarts[] = [];
  let reason = initialReason;
  let errorReason: string | undefined;
  let ready = 0;
  for (const container of (pod.status?.containerStatuses ?? []).toReversed()) {
    restarts.push(restartsOf(container));
    const { waiting, terminated, running } = container.state ?? {};
    if (waiting?.reason) {
      reason = waiting.reason;
    } else if (terminated !== undefined) {
      reason = endReason(terminated);
      if (terminated.exitCode !== 0) errorReason = reason;
    } else if (container.ready && running !== undefined) {
      ready += 1;
    }
  }
  // One container that is still running outweighs those that have completed.
  if (reason === "Completed") {
    if (ready > 0 && conditionIsTrue(pod, "Ready")) reason = "Running";
    else if (errorReason !== undefined) reason = errorReason;
    else if (ready > 0) reason = "NotReady";
  }
  return { reason, restarts, ready };
}

function endReason(terminated: { reason?: string; signal?: number; exitCode: number }): string {
  if (terminated.reason) return terminated.reason;
  return terminated.signal ? `Signal:${terminated.signal}` : `ExitCode:${terminated.exitCode}`;
}

function restartsOf(container: ContainerStatus): Restarts {
  return { count: container.restartCount, last: container.lastState?.terminated?.finishedAt };
}

function formatRestarts(restarts: readonly Restarts[], nowMs: number): string {
  const count = restarts.reduce((sum, restart) => sum + restart.count, 0);
  const last = restarts
    .flatMap((restart) => restart.last ?? [])
    .sort()
    .at(-1);
  return count === 0 || last === undefined ? String(count) : `${count} (${ageOf(last, nowMs)} ago)`;
}

function gatedReason(pod: Pod): string | undefined {
  const gated = pod.status?.conditions?.some(
    ({ type, reason }) => type === "PodScheduled" && reason === "SchedulingGated",
  );
  return gated === true ? "SchedulingGated" : undefined;
}

function conditionIsTrue(pod: Pod, type: string): boolean {
  return pod.status?.conditions?.find((condition) => condition.type === type)?.status === "True";
}
