import type { Deployment, ReplicaSet } from "@seaworthy/kube";
import { annotatedNumber, deploymentAnnotations } from "./annotations.ts";
import {
  byCreation,
  isRollingUpdate,
  replicasOf,
  resolveFenceposts,
  sumReplicas,
  wantedReplicas,
  type ScaleStep,
} from "./rolling-update.ts";

/**
 * How the ReplicaSets are resized when the Deployment is: one alone takes it all; in the middle of a rollout
 * each takes its share, so that a rollout that is stuck does not get stuck harder
 * (k8s.io/kubernetes/pkg/controller/deployment/sync.go, scale).
 */
export function planScale(
  deployment: Deployment,
  newReplicaSet: ReplicaSet | undefined,
  old: readonly ReplicaSet[],
): ScaleStep[] {
  const wanted = wantedReplicas(deployment);
  const everyone = newReplicaSet === undefined ? [...old] : [...old, newReplicaSet];
  const active = everyone.filter((replicaSet) => replicasOf(replicaSet) > 0);
  const alone =
    active.length > 1 ? undefined : (active[0] ?? newReplicaSet ?? old.toSorted(byCreation).at(-1));
  if (alone !== undefined) return stepsTo(new Map([[alone, wanted]]));
  if (isSaturated(newReplicaSet, wanted)) {
    return stepsTo(new Map(active.filter((one) => one !== newReplicaSet).map((one) => [one, 0])));
  }
  return isRollingUpdate(deployment) ? stepsTo(proportionalSizes(deployment, active)) : [];
}

/** Whether the Deployment was resized since it last sized one of its active ReplicaSets. */
export function isScaling(deployment: Deployment, all: readonly ReplicaSet[]): boolean {
  return all.some((replicaSet) => {
    const desired = annotatedNumber(replicaSet, deploymentAnnotations.desiredReplicas);
    return replicasOf(replicaSet) > 0 && desired !== undefined && desired !== wantedReplicas(deployment);
  });
}

function isSaturated(replicaSet: ReplicaSet | undefined, wanted: number): boolean {
  if (replicaSet === undefined) return false;
  return (
    replicasOf(replicaSet) === wanted &&
    annotatedNumber(replicaSet, deploymentAnnotations.desiredReplicas) === wanted &&
    (replicaSet.status?.availableReplicas ?? 0) === wanted
  );
}

function proportionalSizes(deployment: Deployment, active: readonly ReplicaSet[]): Map<ReplicaSet, number> {
  const wanted = wantedReplicas(deployment);
  const allowed = wanted === 0 ? 0 : wanted + resolveFenceposts(deployment).surge;
  const toAdd = allowed - sumReplicas(active);
  // Of equals the newer grows first and the older shrinks first.
  const direction = toAdd > 0 ? -1 : 1;
  const largestFirst = [...active].sort(
    (left, right) => replicasOf(right) - replicasOf(left) || direction * byCreation(left, right),
  );
  const sizes = new Map<ReplicaSet, number>();
  let added = 0;
  for (const replicaSet of largestFirst) {
    const share = toAdd === added ? 0 : shareOf(deployment, replicaSet, allowed);
    const change = toAdd > 0 ? Math.min(share, toAdd - added) : Math.max(share, toAdd - added);
    sizes.set(replicaSet, replicasOf(replicaSet) + change);
    added += change;
  }
  const largest = largestFirst[0];
  if (largest !== undefined) sizes.set(largest, Math.max(0, (sizes.get(largest) ?? 0) + toAdd - added));
  return sizes;
}

function shareOf(deployment: Deployment, replicaSet: ReplicaSet, allowed: number): number {
  const present = replicasOf(replicaSet);
  if (allowed === 0) return -present;
  const before =
    annotatedNumber(replicaSet, deploymentAnnotations.maxReplicas) || deployment.status?.replicas || present;
  return Math.round((present * allowed) / before) - present;
}

function stepsTo(sizes: ReadonlyMap<ReplicaSet, number>): ScaleStep[] {
  return [...sizes].map(([replicaSet, to]) => ({
    name: replicaSet.metadata.name,
    from: replicasOf(replicaSet),
    to,
  }));
}
