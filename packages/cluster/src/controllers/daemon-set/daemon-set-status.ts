import { isPodReady, type DaemonSetStatus } from "@seaworthy/kube";
import { isUpdated } from "./daemon-pod.ts";
import { isAvailable, type DaemonView } from "./plan-daemon-pods.ts";

/**
 * What the nodes and their pods add up to. Where a node has several, the first one counts.
 * https://github.com/kubernetes/kubernetes/blob/v1.36.3/pkg/controller/daemon/daemon_controller.go (updateDaemonSetStatus)
 */
export function calculateDaemonSetStatus(
  view: DaemonView,
  observedGeneration: number | undefined,
  collisionCount: number,
): DaemonSetStatus {
  const { daemonSet, eligibility, pods, hash } = view;
  const wanted = [...eligibility].filter(([, { runs }]) => runs).map(([name]) => name);
  const unwanted = [...eligibility].filter(([, { runs }]) => !runs).map(([name]) => name);
  const first = wanted.flatMap((name) => pods.get(name)?.[0] ?? []);
  const ready = first.filter(isPodReady);
  const updated = first.filter((pod) => isUpdated(daemonSet, pod, hash)).length;
  const available = ready.filter((pod) => isAvailable(view, pod)).length;
  return {
    currentNumberScheduled: first.length,
    numberMisscheduled: unwanted.filter((name) => pods.has(name)).length,
    desiredNumberScheduled: wanted.length,
    numberReady: ready.length,
    ...(observedGeneration === undefined ? {} : { observedGeneration }),
    ...(updated === 0 ? {} : { updatedNumberScheduled: updated }),
    ...(available === 0 ? {} : { numberAvailable: available }),
    ...(available === wanted.length ? {} : { numberUnavailable: wanted.length - available }),
    ...(collisionCount === 0 ? {} : { collisionCount }),
  };
}
