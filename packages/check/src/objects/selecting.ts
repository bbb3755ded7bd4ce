import { serviceSelects, type Labels, type Service } from "@seaworthy/kube";
import { mayMeet, type ManifestOf, type ObjectSet } from "./object-set.ts";
import type { PodSource } from "./pod-source.ts";

/** The Services whose selectors match a pod. */
export function servicesOf(pod: PodSource, set: ObjectSet): readonly ManifestOf<Service>[] {
  const known = servicesByPod.get(pod);
  if (known !== undefined) return known;
  const found = labelPairs(pod.labels)
    .flatMap((pair) => indexOf(set).services.get(pair) ?? [])
    .filter(({ object }) => mayMeet(object, pod.manifest.object) && serviceSelects(object, pod.labels));
  servicesByPod.set(pod, found);
  return found;
}

/** The pods that a Service's selector matches. */
export function podsOf({ object }: ManifestOf<Service>, set: ObjectSet): PodSource[] {
  const [pair] = labelPairs(object.spec.selector ?? {});
  if (pair === undefined) return [];
  return (indexOf(set).pods.get(pair) ?? []).filter(
    (pod) => mayMeet(object, pod.manifest.object) && serviceSelects(object, pod.labels),
  );
}

/** Many rules ask the same of every pod, and there may be thousands of each. */
const servicesByPod = new WeakMap<PodSource, readonly ManifestOf<Service>[]>();
const indexes = new WeakMap<ObjectSet, LabelIndex>();

interface LabelIndex {
  /** Services by the first label that they select by. */
  readonly services: ReadonlyMap<string, readonly ManifestOf<Service>[]>;
  /** Pods by each of their labels. */
  readonly pods: ReadonlyMap<string, readonly PodSource[]>;
}

function indexOf(set: ObjectSet): LabelIndex {
  const known = indexes.get(set);
  if (known !== undefined) return known;
  const index = {
    services: groupByAll(set.of<Service>("Service"), ({ object }) =>
      labelPairs(object.spec.selector ?? {}).slice(0, 1),
    ),
    pods: groupByAll(set.pods, ({ labels }) => labelPairs(labels)),
  };
  indexes.set(set, index);
  return index;
}

function labelPairs(labels: NonNullable<Labels>): string[] {
  return Object.entries(labels).map(([key, value]) => `${key}=${value}`);
}

function groupByAll<T>(items: readonly T[], keysOf: (item: T) => string[]): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items)
    for (const key of keysOf(item)) {
      const group = groups.get(key);
      if (group === undefined) groups.set(key, [item]);
      else group.push(item);
    }
  return groups;
}
