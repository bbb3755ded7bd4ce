import { isSidecar, timestamp, type Pod, type PodStatus } from "@seaworthy/kube";
import { computePodStatus } from "../agent/pod-status.ts";
import { newRecord, type ContainerRecord } from "../container/container-record.ts";

/** What a hollow node does with a pod next. */
export type HollowStep = "run" | "finish" | "remove";

/** What there is to do for a pod; undefined when it is as it should be. Pods of a Job end well, others run until they are deleted. */
export function nextStep({ metadata, status }: Pod): HollowStep | undefined {
  if (metadata.deletionTimestamp !== undefined) return "remove";
  const phase = status?.phase ?? "Pending";
  if (phase === "Pending") return "run";
  const isOfJob = metadata.ownerReferences?.some(
    ({ kind, controller }) => controller === true && kind === "Job",
  );
  return phase === "Running" && isOfJob === true ? "finish" : undefined;
}

/** The status of a pod all of whose containers run and are ready, or have all ended well. */
export function hollowStatus(
  pod: Pod,
  step: "run" | "finish",
  at: { readonly nowMs: number; readonly podIp: string; readonly hostIp: string },
): PodStatus {
  const startedAt = timestamp(at.nowMs);
  const ended = { exitCode: 0, reason: "Completed", startedAt, finishedAt: startedAt };
  const record = (name: string, image: string, hasEnded: boolean): ContainerRecord => ({
    ...newRecord(name, image),
    state: hasEnded ? { terminated: ended } : { running: { startedAt } },
    started: true,
    ready: !hasEnded,
    containerId: `seaworthy://hollow-${pod.metadata.uid ?? ""}-${name}`,
  });
  const { initContainers = [], containers } = pod.spec;
  return computePodStatus({
    pod,
    init: initContainers.map((container) =>
      record(container.name, container.image ?? "", !isSidecar(container) || step === "finish"),
    ),
    main: containers.map(({ name, image = "" }) => record(name, image, step === "finish")),
    ephemeral: [],
    ending: undefined,
    podIp: at.podIp,
    hostIp: at.hostIp,
    startTimeMs: at.nowMs,
    nowMs: at.nowMs,
  });
}
