import type { ContainerStatus, Pod } from "@seaworthy/kube";

/** The words that `kubectl get pods` shows, as pkg/printers/internalversion/printers.go `printPod` finds them. */
export interface PodWords {
  readonly ready: string;
  readonly status: string;
  readonly restarts: string;
}

/** Finds READY, STATUS and RESTARTS of a pod. `ageOf` formats a moment as an age. */
export function podWords(pod: Pod, ageOf: (time: string | undefined) => string): PodWords {
  const containers = pod.spec?.containers ?? [];
  const statuses = pod.status?.containerStatuses ?? [];
  const initStatuses = pod.status?.initContainerStatuses ?? [];
  const sidecars = new Set(
    (pod.spec?.initContainers ?? [])
      .filter((each) => each.restartPolicy === "Always")
      .map((each) => each.name),
  );
  const init = initWord(initStatuses, sidecars, pod.spec?.initContainers?.length ?? 0);
  const status = init ?? mainWord(pod, statuses);
  const counted = [
    ...statuses,
    ...initStatuses.filter((each) => init !== undefined || sidecars.has(each.name)),
  ];
  return {
    ready: `${countReady(statuses) + countReady(initStatuses.filter((each) => sidecars.has(each.name)))}/${containers.length + sidecars.size}`,
    status: deletionWord(pod, status),
    restarts: restartsWord(counted, ageOf),
  };
}

function countReady(statuses: readonly ContainerStatus[]): number {
  return statuses.filter((each) => each.ready && each.state?.running !== undefined).length;
}

function initWord(
  statuses: readonly ContainerStatus[],
  sidecars: ReadonlySet<string>,
  total: number,
): string | undefined {
  for (const [index, status] of statuses.entries()) {
    const { terminated, waiting } = status.state ?? {};
    if (terminated?.exitCode === 0 || (sidecars.has(status.name) && status.started === true)) continue;
    if (terminated !== undefined) return `Init:${exitWord(terminated)}`;
    if (waiting?.reason !== undefined && waiting.reason !== "" && waiting.reason !== "PodInitializing")
      return `Init:${waiting.reason}`;
    return `Init:${index}/${total}`;
  }
  return undefined;
}

function mainWord(pod: Pod, statuses: readonly ContainerStatus[]): string {
  let word = pod.status?.reason ?? pod.status?.phase ?? "Pending";
  let hasRunning = false;
  for (const { state, ready } of statuses.toReversed()) {
    if (state?.waiting?.reason !== undefined && state.waiting.reason !== "") word = state.waiting.reason;
    else if (state?.terminated !== undefined) word = exitWord(state.terminated);
    else if (ready && state?.running !== undefined) hasRunning = true;
  }
  if (word !== "Completed" || !hasRunning) return word;
  const isReady = pod.status?.conditions?.some((each) => each.type === "Ready" && each.status === "True");
  return isReady === true ? "Running" : "NotReady";
}

function exitWord(terminated: {
  readonly reason?: string;
  readonly signal?: number;
  readonly exitCode: number;
}): string {
  if (terminated.reason !== undefined && terminated.reason !== "") return terminated.reason;
  return terminated.signal !== undefined && terminated.signal !== 0
    ? `Signal:${terminated.signal}`
    : `ExitCode:${terminated.exitCode}`;
}

function deletionWord(pod: Pod, status: string): string {
  if (pod.metadata.deletionTimestamp === undefined) return status;
  if (pod.status?.reason === "NodeLost") return "Unknown";
  return pod.status?.phase === "Succeeded" || pod.status?.phase === "Failed" ? status : "Terminating";
}

function restartsWord(
  statuses: readonly ContainerStatus[],
  ageOf: (time: string | undefined) => string,
): string {
  const restarts = statuses.reduce((sum, each) => sum + each.restartCount, 0);
  const last = statuses
    .flatMap((each) => each.lastState?.terminated?.finishedAt ?? [])
    .sort()
    .at(-1);
  return restarts > 0 && last !== undefined ? `${restarts} (${ageOf(last)} ago)` : String(restarts);
}
