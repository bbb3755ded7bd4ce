import { matchesLabelSelector, type FieldPath } from "@seaworthy/kube";
import type { PodSource } from "../pod-source.ts";

/** A rule of a pod template that its pods must not stand together. */
export interface SelfAvoidance {
  readonly topologyKey: string;
  /** Where it is written, from the template. */
  readonly path: FieldPath;
}

/** The required anti-affinities that a template's pods have to each other, old ones and new ones alike. */
export function selfAvoidances(pod: PodSource): SelfAvoidance[] {
  const field = "requiredDuringSchedulingIgnoredDuringExecution";
  return (pod.spec.affinity?.podAntiAffinity?.[field] ?? []).flatMap((term, index) => {
    const { labelSelector, topologyKey = "", namespaces = [], namespaceSelector } = term;
    const isOwnNamespace = namespaces.length === 0 ? !namespaceSelector : namespaces.includes(pod.namespace);
    const tellsRevisionsApart =
      [...(term.matchLabelKeys ?? []), ...(term.mismatchLabelKeys ?? [])].length > 0;
    if (!isOwnNamespace || tellsRevisionsApart || !matchesLabelSelector(labelSelector, pod.labels)) return [];
    const path = ["spec", "affinity", "podAntiAffinity", field, index, "topologyKey"];
    return [{ topologyKey, path }];
  });
}
