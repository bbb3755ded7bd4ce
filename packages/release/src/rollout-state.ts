import { isPodReady, type DaemonSet, type Deployment, type Pod, type StatefulSet } from "@seaworthy/kube";

/** How far a rollout is. */
export interface RolloutProgress {
  readonly desired: number;
  readonly updated: number;
  readonly ready: number;
  readonly available: number;
}

/** Whether it is over, and how far it is. */
export interface RolloutState {
  readonly done: boolean;
  readonly deadlineExceeded: boolean;
  readonly progress: RolloutProgress;
}

/**
 * Whether a Deployment is rolled out, as kubectl says it.
 * https://github.com/kubernetes/kubectl/blob/v0.36.3/pkg/polymorphichelpers/rollout_status.go
 */
export function rolloutState(deployment: Deployment): RolloutState {
  const { spec, status = {} } = deployment;
  const desired = spec.replicas ?? 1;
  const updated = status.updatedReplicas ?? 0;
  const available = status.availableReplicas ?? 0;
  const observed = (status.observedGeneration ?? 0) >= (deployment.metadata.generation ?? 1);
  const progressing = status.conditions?.find((condition) => condition.type === "Progressing");
  return {
    done: observed && updated >= desired && (status.replicas ?? 0) <= updated && available >= updated,
    deadlineExceeded: observed && progressing?.reason === "ProgressDeadlineExceeded",
    progress: { desired, updated, ready: status.readyReplicas ?? 0, available },
  };
}

/** The same of a StatefulSet. Pods below the partition stay as they are; with OnDelete all do. */
export function statefulSetState({ metadata, spec, status }: StatefulSet): RolloutState {
  const desired = spec.replicas ?? 1;
  const ready = status?.readyReplicas ?? 0;
  const updated = status?.updatedReplicas ?? 0;
  const observed = (status?.observedGeneration ?? 0) >= (metadata.generation ?? 1);
  const { type, rollingUpdate } = spec.updateStrategy ?? {};
  const toUpdate = type === "OnDelete" ? 0 : Math.max(0, desired - (rollingUpdate?.partition ?? 0));
  return {
    done: observed && ready >= desired && updated >= toUpdate,
    deadlineExceeded: false,
    progress: { desired, updated, ready, available: status?.availableReplicas ?? 0 },
  };
}

/** The same of a DaemonSet, which counts nodes. */
export function daemonSetState({ metadata, spec, status }: DaemonSet): RolloutState {
  const desired = status?.desiredNumberScheduled ?? 0;
  const updated = status?.updatedNumberScheduled ?? 0;
  const available = status?.numberAvailable ?? 0;
  const observed = (status?.observedGeneration ?? 0) >= (metadata.generation ?? 1);
  const isUpdated = spec.updateStrategy?.type === "OnDelete" || updated >= desired;
  return {
    done: observed && isUpdated && available >= desired,
    deadlineExceeded: false,
    progress: { desired, updated, ready: status?.numberReady ?? 0, available },
  };
}

/** A Pod alone is there when it is ready, or has done its work; one that failed stays so. */
export function podState(pod: Pod): RolloutState {
  const phase = pod.status?.phase;
  const done = isPodReady(pod) || phase === "Succeeded";
  const count = done ? 1 : 0;
  return {
    done,
    deadlineExceeded: phase === "Failed",
    progress: { desired: 1, updated: 1, ready: count, available: count },
  };
}
