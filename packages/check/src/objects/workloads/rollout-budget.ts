import { resolveIntOrPercent, type Deployment } from "@seaworthy/kube";

/** How many pods a rolling update may add, and how many it may take away. */
export interface RolloutBudget {
  readonly surge: number;
  readonly unavailable: number;
}

/**
 * What a Deployment's rolling update comes to for a number of pods; undefined where it has another strategy.
 * Where both come to nothing, Kubernetes takes one away.
 * https://github.com/kubernetes/kubernetes/blob/v1.36.3/pkg/controller/deployment/util/deployment_util.go (ResolveFenceposts)
 */
export function rolloutBudget({ spec }: Deployment, replicas: number): RolloutBudget | undefined {
  const { type = "RollingUpdate", rollingUpdate } = spec.strategy ?? {};
  if (type !== "RollingUpdate") return undefined;
  const surge = resolve(rollingUpdate?.maxSurge ?? "25%", replicas, "up");
  const unavailable = resolve(rollingUpdate?.maxUnavailable ?? "25%", replicas, "down");
  return { surge, unavailable: surge === 0 && unavailable === 0 ? 1 : unavailable };
}

/** What the API server refuses is of no interest here, and counts as nothing. */
function resolve(value: unknown, total: number, round: "up" | "down"): number {
  const isGood = (typeof value === "number" && Number.isInteger(value)) || /^\d{1,9}%$/.test(String(value));
  return isGood ? resolveIntOrPercent(value as number | string, total, round) : 0;
}
