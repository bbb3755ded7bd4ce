import { matchesLabelSelector, resolveIntOrPercent, type PodDisruptionBudget } from "@seaworthy/kube";
import { mayMeet, type ManifestOf, type ObjectSet } from "../object-set.ts";
import type { PodSource } from "../pod-source.ts";
import { createSelection, type Selection } from "../selection.ts";

/** The PodDisruptionBudgets that select a pod. */
export function budgetsOf(pod: PodSource, set: ObjectSet): readonly ManifestOf<PodDisruptionBudget>[] {
  return selectionOf(set).selectorsOf(pod);
}

/** The pods that a PodDisruptionBudget selects. */
export function podsUnder(budget: ManifestOf<PodDisruptionBudget>, set: ObjectSet): readonly PodSource[] {
  return selectionOf(set).podsOf(budget);
}

/**
 * How many of so many healthy pods may be evicted. Percentages are rounded up, of both fields.
 * https://github.com/kubernetes/kubernetes/blob/v1.36.3/pkg/controller/disruption/disruption.go (getExpectedPodCount)
 */
export function allowedDisruptions({ object }: ManifestOf<PodDisruptionBudget>, healthy: number): number {
  const { maxUnavailable, minAvailable } = object.spec;
  if (isSet(maxUnavailable)) return Math.min(healthy, amount(maxUnavailable, healthy));
  return isSet(minAvailable) ? Math.max(0, healthy - amount(minAvailable, healthy)) : healthy;
}

function amount(value: number | string, total: number): number {
  // What the API server refuses is of no interest here.
  const isGood = typeof value === "number" || /^\d{1,9}%$/.test(value);
  return isGood ? resolveIntOrPercent(value, total, "up") : 0;
}

function isSet(value: unknown): value is number | string {
  return typeof value === "number" || typeof value === "string";
}

type Budgets = Selection<ManifestOf<PodDisruptionBudget>>;

const selections = new WeakMap<ObjectSet, Budgets>();

function selectionOf(set: ObjectSet): Budgets {
  const known = selections.get(set);
  if (known !== undefined) return known;
  const budgets = set.of<PodDisruptionBudget>("PodDisruptionBudget", "policy");
  const selection = createSelection(set, budgets, {
    labelsOf: ({ object }) => (object.spec.selector ? (object.spec.selector.matchLabels ?? {}) : undefined),
    selects: ({ object }, pod) =>
      mayMeet(object, pod.manifest.object) && matchesLabelSelector(object.spec.selector, pod.labels),
  });
  selections.set(set, selection);
  return selection;
}
