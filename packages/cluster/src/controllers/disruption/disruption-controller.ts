import { isConflict } from "@seaworthy/client";
import {
  deepEqual,
  labelSelectorInGo,
  matchesLabelSelector,
  resourceTypes,
  type Pod,
  type PodDisruptionBudget,
  type PodDisruptionBudgetStatus,
} from "@seaworthy/kube";
import type { EventRecorder } from "../../event-recorder.ts";
import { keyOf, splitKey, type ControllerContext } from "../reconciler/controller-context.ts";
import { keysBothWays, startReconciler, watch } from "../reconciler/start-reconciler.ts";
import { disruptionStatus, failedStatus, type DisruptionVerdict } from "./disruption-status.ts";
import { expectedPods } from "./expected-pods.ts";

/**
 * Keeps the status of PodDisruptionBudgets, by which evictions are granted
 * (k8s.io/kubernetes/pkg/controller/disruption/disruption.go).
 */
export async function startDisruptionController(context: ControllerContext): Promise<AsyncDisposable> {
  const { client, clock, informers } = context;
  const budgets = informers.of<PodDisruptionBudget>(resourceTypes.poddisruptionbudgets);
  const pods = informers.of<Pod>(resourceTypes.pods);

  function budgetsOf({ metadata: { namespace, labels } }: Pod): string[] {
    return budgets
      .list(namespace)
      .filter(({ spec }) => matchesLabelSelector(spec.selector, labels))
      .map(keyOf);
  }

  async function write(budget: PodDisruptionBudget, status: PodDisruptionBudgetStatus): Promise<void> {
    if (deepEqual(status, budget.status ?? {})) return;
    await client.update<PodDisruptionBudget>(
      resourceTypes.poddisruptionbudgets,
      { ...budget, status },
      "status",
    );
  }

  async function judge(budget: PodDisruptionBudget, events: EventRecorder): Promise<DisruptionVerdict> {
    const { selector } = budget.spec;
    const own = pods
      .list(budget.metadata.namespace)
      .filter(({ metadata }) => matchesLabelSelector(selector, metadata.labels));
    if (own.length === 0) events.event(budget, "Normal", "NoPods", "No matching pods found");
    const expected = await expectedPods(context, budget, own).catch((error: unknown) => {
      const { message } = error as Error;
      const why = `Failed to calculate the number of expected pods: ${message}`;
      events.event(budget, "Warning", "CalculateExpectedPodCountFailed", why);
      throw error;
    });
    if (expected.unmanaged.length > 0)
      events.event(
        budget,
        "Warning",
        "UnmanagedPods",
        `Pods selected by this PodDisruptionBudget (selector: ${labelSelectorInGo(selector)}) were found to be unmanaged. As a result, the status of the PDB cannot be calculated correctly, which may result in undefined behavior. To account for these pods please set ".spec.minAvailable" field of the PDB to an integer value.`,
      );
    return disruptionStatus(budget, own, expected, clock.now());
  }

  return await startReconciler(context, {
    name: "controllermanager",
    watches: [
      watch(budgets, ({ type, object }) => (type === "deleted" ? [] : [keyOf(object)])),
      watch(pods, (change) => keysBothWays(change, budgetsOf)),
    ],
    async sync(key, { events, add }) {
      const { namespace, name } = splitKey(key);
      const budget = budgets.get(namespace, name);
      if (budget === undefined) return;
      try {
        const { status, notDeleted, afterMs } = await judge(budget, events);
        for (const pod of notDeleted) {
          // Kubernetes, too, says the namespace twice.
          const why = `Pod was expected by PDB ${namespace}/${namespace} to be deleted but it wasn't`;
          events.event(pod, "Warning", "NotDeleted", why);
        }
        await write(budget, status);
        if (afterMs !== undefined) add({ key, afterMs });
      } catch (error) {
        // Somebody else wrote, for example an eviction: it is counted anew.
        if (isConflict(error)) throw error;
        await write(budget, failedStatus(budget, error, clock.now()));
      }
    },
  });
}
