import {
  type Container,
  type ContainerState,
  type ContainerStatus,
  type Pod,
  timestamp,
} from "@seaworthy/kube";
import { newRecord, waitingFor, type ContainerRecord } from "./container-record.ts";

/** What a node finds of a container when it begins with its pod. */
export interface FoundContainer {
  readonly record: ContainerRecord;
  /** How often it has been started. */
  readonly starts: number;
  /** Whether it ran, and by its restart policy is not to run again. */
  readonly isOver: boolean;
}

/**
 * The containers of a pod, by name, as they are before anything is started: new, or as an earlier run of the node left them.
 * Init containers run again with a new sandbox, unless all others are over.
 */
export function findContainers(
  { spec, status = {} }: Pod,
  nowMs: number,
): ReadonlyMap<string, FoundContainer> {
  const { initContainers = [], containers } = spec;
  const restart = (spec.restartPolicy ?? "Always") as RestartPolicy;
  const main = containers.map((container) =>
    findContainer(container, status.containerStatuses ?? [], restart, nowMs),
  );
  const isOver = main.length > 0 && main.every((found) => found.isOver);
  const init = initContainers.map((container) => {
    const statuses = status.initContainerStatuses ?? [];
    return findContainer(container, statuses, isOver ? "Never" : "Always", nowMs);
  });
  for (const found of init) if (!found.isOver) found.record.state = waitingFor(true);
  for (const found of main) if (!found.isOver) found.record.state = waitingFor(init.length > 0);
  return new Map([...init, ...main].map((found) => [found.record.name, found]));
}

type RestartPolicy = "Always" | "OnFailure" | "Never";

/**
 * Reads what the pod's status says of a container that ran before the node was started anew. Its process is gone, and
 * nobody knows how it ended: containerd then gives the exit code 255 and the reason Unknown, and the kubelet goes by that.
 */
function findContainer(
  { name, image = "", resources = {} }: Container,
  statuses: readonly ContainerStatus[],
  restart: RestartPolicy,
  nowMs: number,
): FoundContainer {
  const record = newRecord(name, image, resources);
  const before = statuses.find((status) => status.name === name);
  if (before === undefined || (before.containerID ?? "") === "") return { record, starts: 0, isOver: false };
  record.restartCount = before.restartCount;
  record.containerId = before.containerID ?? "";
  const last = lastEnd(before, nowMs);
  const isOver = restart === "Never" || (restart === "OnFailure" && last?.terminated?.exitCode === 0);
  if (isOver && last !== undefined) record.state = last;
  record.lastState = isOver ? before.lastState : last;
  return { record, starts: before.restartCount + 1, isOver };
}

function lastEnd(
  { state, lastState, containerID }: ContainerStatus,
  nowMs: number,
): ContainerState | undefined {
  if (state?.terminated !== undefined) return state;
  if (state?.running === undefined) return lastState?.terminated === undefined ? undefined : lastState;
  return {
    terminated: {
      exitCode: 255,
      reason: "Unknown",
      startedAt: state.running.startedAt ?? timestamp(nowMs),
      finishedAt: timestamp(nowMs),
      ...(containerID === undefined ? {} : { containerID }),
    },
  };
}
