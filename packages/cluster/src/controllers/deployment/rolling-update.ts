import { resolveIntOrPercent, type Deployment, type ReplicaSet } from "@seaworthy/kube";

/** One change of a ReplicaSet's `spec.replicas`. */
export interface ScaleStep {
  readonly name: string;
  readonly from: number;
  readonly to: number;
}

/** How many pods a rollout may have above, and how few below, the wanted number. */
export interface Fenceposts {
  readonly surge: number;
  readonly unavailable: number;
}

/** How many pods a Deployment wants. */
export function wantedReplicas(deployment: Deployment): number {
  return deployment.spec.replicas ?? 1;
}

/** How many pods a ReplicaSet is told to have. */
export function replicasOf(replicaSet: ReplicaSet): number {
  return replicaSet.spec.replicas ?? 1;
}

/** Whether the Deployment rolls; the other strategy is Recreate. */
export function isRollingUpdate(deployment: Deployment): boolean {
  return deployment.spec.strategy?.type !== "Recreate";
}

/**
 * maxSurge rounded up and maxUnavailable rounded down; when both come to 0 one pod may be unavailable, for
 * otherwise nothing could ever move (k8s.io/kubernetes/pkg/controller/deployment/util, ResolveFenceposts).
 */
export function resolveFenceposts(deployment: Deployment): Fenceposts {
  const wanted = wantedReplicas(deployment);
  if (!isRollingUpdate(deployment) || wanted === 0) return { surge: 0, unavailable: 0 };
  const { maxSurge = "25%", maxUnavailable = "25%" } = deployment.spec.strategy?.rollingUpdate ?? {};
  const surge = resolveIntOrPercent(maxSurge, wanted, "up");
  const unavailable = resolveIntOrPercent(maxUnavailable, wanted, "down");
  if (surge === 0 && unavailable === 0) return { surge: 0, unavailable: 1 };
  return { surge, unavailable: Math.min(unavailable, wanted) };
}

/** The size that the new ReplicaSet may have now (NewRSNewReplicas). */
export function newReplicaSetSize(
  deployment: Deployment,
  all: readonly ReplicaSet[],
  newReplicas: number,
): number {
  const wanted = wantedReplicas(deployment);
  if (!isRollingUpdate(deployment)) return wanted;
  if (newReplicas > wanted) return wanted;
  const room = wanted + resolveFenceposts(deployment).surge - sumReplicas(all);
  return room <= 0 ? newReplicas : newReplicas + Math.min(room, wanted - newReplicas);
}

/**
 * How the old ReplicaSets may shrink now: first pods that are not available, which costs nothing, then
 * available ones as long as enough stay (k8s.io/kubernetes/pkg/controller/deployment/rolling.go,
 * reconcileOldReplicaSets).
 */
export function planOldReplicaSets(
  deployment: Deployment,
  old: readonly ReplicaSet[],
  newReplicaSet: ReplicaSet,
): ScaleStep[] {
  const all = [...old, newReplicaSet];
  const minAvailable = wantedReplicas(deployment) - resolveFenceposts(deployment).unavailable;
  const newUnavailable = replicasOf(newReplicaSet) - availableOf(newReplicaSet);
  const budget = sumReplicas(all) - minAvailable - newUnavailable;
  if (sumReplicas(old) === 0 || budget <= 0) return [];

  const sizes = new Map(old.map((replicaSet) => [replicaSet, replicasOf(replicaSet)]));
  const steps: ScaleStep[] = [];
  const shrink = (replicaSet: ReplicaSet, count: number): void => {
    const from = sizes.get(replicaSet) ?? 0;
    steps.push({ name: replicaSet.metadata.name, from, to: from - count });
    sizes.set(replicaSet, from - count);
  };

  const oldestFirst = [...old].sort(byCreation);
  let unhealthyBudget = budget;
  for (const replicaSet of oldestFirst) {
    const count = Math.min(unhealthyBudget, replicasOf(replicaSet) - availableOf(replicaSet));
    if (count <= 0) continue;
    unhealthyBudget -= count;
    shrink(replicaSet, count);
  }
  let availableBudget = all.reduce((sum, replicaSet) => sum + availableOf(replicaSet), 0) - minAvailable;
  for (const replicaSet of oldestFirst) {
    const count = Math.min(availableBudget, sizes.get(replicaSet) ?? 0);
    if (count <= 0) continue;
    availableBudget -= count;
    shrink(replicaSet, count);
  }
  return steps;
}

/** Oldest first; the name decides between equals, so that the order is always the same. */
export function byCreation(left: ReplicaSet, right: ReplicaSet): number {
  const [a, b] = [left.metadata.creationTimestamp ?? "", right.metadata.creationTimestamp ?? ""];
  if (a !== b) return a < b ? -1 : 1;
  return left.metadata.name < right.metadata.name ? -1 : 1;
}

/** The sum of what the ReplicaSets are told to have. */
export function sumReplicas(replicaSets: readonly ReplicaSet[]): number {
  return replicaSets.reduce((sum, replicaSet) => sum + replicasOf(replicaSet), 0);
}

function availableOf(replicaSet: ReplicaSet): number {
  return replicaSet.status?.availableReplicas ?? 0;
}
