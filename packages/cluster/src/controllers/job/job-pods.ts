import { hasPodEnded, isSidecar, parseTimestamp, type Job, type Pod } from "@seaworthy/kube";

/** Keeps a pod until its Job has counted it. */
export const jobTrackingFinalizer = "batch.kubernetes.io/job-tracking";

/** The annotation, and the label, that say which of the completions a pod works on. */
export const completionIndexKey = "batch.kubernetes.io/job-completion-index";

/** Whether a pod is still to be counted. */
export function isTracked({ metadata }: Pod): boolean {
  return metadata.finalizers?.includes(jobTrackingFinalizer) === true;
}

/** Whether each completion of a Job has a number. */
export function isIndexed({ spec }: Job): boolean {
  return spec.completionMode === "Indexed";
}

/** Which completion a pod works on; undefined when it does not say, or says one that its Job does not have. */
export function completionIndexOf(job: Job, { metadata }: Pod): number | undefined {
  const text = metadata.annotations?.[completionIndexKey] ?? "";
  const index = /^\d+$/.test(text) ? Number(text) : Infinity;
  return index < (job.spec.completions ?? 0) ? index : undefined;
}

/** Whether a pod that is being deleted has to be gone before another takes its place. */
export function replacesOnlyEnded({ spec }: Job): boolean {
  return spec.podReplacementPolicy === "Failed" || spec.podFailurePolicy !== undefined;
}

/** Whether a pod has failed: one that was deleted counts as failed, too, unless its Job waits until it has ended. */
export function isPodFailed(job: Job, { metadata, status }: Pod): boolean {
  if (status?.phase === "Failed") return true;
  return !replacesOnlyEnded(job) && metadata.deletionTimestamp !== undefined && status?.phase !== "Succeeded";
}

/** Whether a pod is being deleted and has not ended yet. */
export function isPodTerminating(pod: Pod): boolean {
  return pod.metadata.deletionTimestamp !== undefined && !hasPodEnded(pod);
}

/**
 * When a pod ended: with the last of its containers, or when it stopped being ready, or when it was to be deleted.
 * https://github.com/kubernetes/kubernetes/blob/v1.36.3/pkg/controller/job/backoff_utils.go (getFinishedTime)
 */
export function finishedAtMs(pod: Pod): number {
  return (
    containersFinishedAtMs(pod) ??
    parseTimestamp(
      pod.status?.conditions?.find(({ type, status }) => type === "Ready" && status === "False")
        ?.lastTransitionTime,
    ) ??
    deletedAtMs(pod) ??
    parseTimestamp(pod.metadata.creationTimestamp) ??
    0
  );
}

/** Sidecars end after the containers that they serve. */
function containersFinishedAtMs({ spec, status }: Pod): number | undefined {
  const sidecars = new Set((spec.initContainers ?? []).filter(isSidecar).map(({ name }) => name));
  const statuses = [
    ...(status?.containerStatuses ?? []),
    ...(status?.initContainerStatuses ?? []).filter(({ name }) => sidecars.has(name)),
  ];
  const times = statuses.map(({ state }) => parseTimestamp(state?.terminated?.finishedAt));
  const known = times.filter((time) => time !== undefined);
  return known.length === 0 || known.length < times.length ? undefined : Math.max(...known);
}

function deletedAtMs({ metadata }: Pod): number | undefined {
  const goneMs = parseTimestamp(metadata.deletionTimestamp);
  return goneMs === undefined ? undefined : goneMs - (metadata.deletionGracePeriodSeconds ?? 0) * 1000;
}
