import { serviceSelects, type Service } from "@seaworthy/kube";
import { mayMeet, type ManifestOf, type ObjectSet } from "./object-set.ts";
import type { PodSource } from "./pod-source.ts";

/** The Services whose selectors match a pod. */
export function servicesOf(pod: PodSource, set: ObjectSet): ManifestOf<Service>[] {
  return set
    .of<Service>("Service")
    .filter(({ object }) => mayMeet(object, pod.manifest.object) && serviceSelects(object, pod.labels));
}

/** The pods that a Service's selector matches. */
export function podsOf({ object }: ManifestOf<Service>, set: ObjectSet): PodSource[] {
  return set.pods.filter((pod) => mayMeet(object, pod.manifest.object) && serviceSelects(object, pod.labels));
}
