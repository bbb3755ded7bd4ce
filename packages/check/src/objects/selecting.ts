import { serviceSelects, type Service } from "@seaworthy/kube";
import { mayMeet, type ManifestOf, type ObjectSet } from "./object-set.ts";
import type { PodSource } from "./pod-source.ts";
import { createSelection, type Selection } from "./selection.ts";

/** The Services whose selectors match a pod. */
export function servicesOf(pod: PodSource, set: ObjectSet): readonly ManifestOf<Service>[] {
  return selectionOf(set).selectorsOf(pod);
}

/** The pods that a Service's selector matches. */
export function podsOf(service: ManifestOf<Service>, set: ObjectSet): readonly PodSource[] {
  return selectionOf(set).podsOf(service);
}

const selections = new WeakMap<ObjectSet, Selection<ManifestOf<Service>>>();

function selectionOf(set: ObjectSet): Selection<ManifestOf<Service>> {
  const known = selections.get(set);
  if (known !== undefined) return known;
  const selection = createSelection(set, set.of<Service>("Service"), {
    labelsOf: ({ object }) =>
      Object.keys(object.spec.selector ?? {}).length === 0 ? undefined : object.spec.selector,
    selects: ({ object }, pod) => mayMeet(object, pod.manifest.object) && serviceSelects(object, pod.labels),
  });
  selections.set(set, selection);
  return selection;
}
