import {
  isPodReady,
  matchesLabelSelector,
  timestamp,
  withDisruptionAllowed,
  type Pod,
  type PodDisruptionBudget,
  type PodDisruptionBudgetStatus,
} from "@seaworthy/kube";
import type { ApiContext } from "../api-context.ts";
import { forbidden, StatusError, tooManyRequests } from "../http/status-error.ts";
import type { StoredObject } from "../store/stored-object.ts";

const collection = "policy/poddisruptionbudgets";

/**
 * Takes the disruption of a pod off its budget, or refuses it.
 * https://github.com/kubernetes/kubernetes/blob/v1.36.3/pkg/registry/core/pod/storage/eviction.go
 */
export function admitDisruption(context: ApiContext, pod: Pod, dryRun: boolean): void {
  const budgets = context.store
    .list(collection, pod.metadata.namespace)
    .filter(({ object }) =>
      matchesLabelSelector((object as PodDisruptionBudget).spec.selector, pod.metadata.labels),
    );
  const [stored] = budgets;
  if (stored === undefined) return;
  if (budgets.length > 1) {
    const why =
      "This pod has more than one PodDisruptionBudget, which the eviction subresource does not support.";
    throw new StatusError(500, "", why);
  }
  if (isPodReady(pod) || !maySpareUnready(stored.object as PodDisruptionBudget))
    takeOff(context, stored, pod, dryRun);
}

/** A pod that is not ready does not count, so that its end costs its budget nothing. */
function maySpareUnready({ spec, status }: PodDisruptionBudget): boolean {
  if (spec.unhealthyPodEvictionPolicy === "AlwaysAllow") return true;
  const { currentHealthy = 0, desiredHealthy = 0 } = status ?? {};
  return currentHealthy >= desiredHealthy && desiredHealthy > 0;
}

/** checkAndDecrement */
function takeOff({ store, clock }: ApiContext, stored: StoredObject, pod: Pod, dryRun: boolean): void {
  const budget = stored.copy() as PodDisruptionBudget;
  const { name, generation = 0 } = budget.metadata;
  const status = budget.status ?? {};
  const { disruptionsAllowed = 0, observedGeneration = 0, disruptedPods = {} } = status;
  if (observedGeneration < generation)
    throw refusal(`The disruption budget ${name} is still being processed by the server.`, 10);
  const type = { group: "policy", plural: "poddisruptionbudget", kind: "PodDisruptionBudget" };
  if (disruptionsAllowed < 0) throw forbidden(type, name, "pdb disruptions allowed is negative");
  if (Object.keys(disruptedPods).length > mostDisruptedPods) {
    const why = "DisruptedPods map too big - too many evictions not confirmed by PDB controller";
    throw forbidden(type, name, why);
  }
  if (disruptionsAllowed === 0) throw refusal(whyNone(name, status), 0);
  if (dryRun) return;
  const left = { ...status, disruptionsAllowed: disruptionsAllowed - 1 };
  budget.status = {
    ...(left.disruptionsAllowed === 0 ? withDisruptionAllowed(left, clock.now()) : left),
    // The controller is not to count a pod that it does not know yet to be going.
    disruptedPods: { ...disruptedPods, [pod.metadata.name]: timestamp(clock.now()) },
  };
  store.put(collection, stored.key, budget);
}

/** MaxDisruptedPodSize */
const mostDisruptedPods = 2000;

function whyNone(name: string, status: PodDisruptionBudgetStatus): string {
  const budget = `The disruption budget ${name}`;
  const { currentHealthy = 0, desiredHealthy = 0 } = status;
  const condition = status.conditions?.find(({ type }) => type === "DisruptionAllowed");
  const message = condition?.status === "False" ? (condition.message ?? "") : "";
  if (message !== "" && condition?.reason === "SyncFailed")
    return `${budget} does not allow evicting pods currently because it failed sync: ${message}`;
  if (currentHealthy <= desiredHealthy)
    return `${budget} needs ${desiredHealthy} healthy pods and has ${currentHealthy} currently`;
  const reason = message === "" ? "" : ` (${condition?.reason ?? ""}): ${message}`;
  return `${budget} does not allow evicting pods currently${reason}`;
}

function refusal(why: string, retryAfterSeconds: number): StatusError {
  const message = "Cannot evict pod as it would violate the pod's disruption budget.";
  return tooManyRequests(message, retryAfterSeconds, [{ reason: "DisruptionBudget", message: why }]);
}
