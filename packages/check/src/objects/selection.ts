import type { ObjectSet } from "./object-set.ts";
import type { PodSource } from "./pod-source.ts";

/** Who selects which pods by their labels. */
export interface Selection<T> {
  /** What selects a pod, in the order in which it was given. */
  selectorsOf(pod: PodSource): readonly T[];
  /** The pods that something selects. */
  podsOf(item: T): readonly PodSource[];
}

/** How something selects pods. */
export interface Selecting<T> {
  /** The labels that a pod must have, whatever else it must; undefined for what selects none. */
  readonly labelsOf: (item: T) => Labels | undefined;
  readonly selects: (item: T, pod: PodSource) => boolean;
}

type Labels = Readonly<Record<string, string>>;

/**
 * Finds who selects which pods. There may be thousands of both, so that each is compared only with those that share the label
 * which the fewest pods have.
 */
export function createSelection<T extends object>(
  set: ObjectSet,
  items: readonly T[],
  { labelsOf, selects }: Selecting<T>,
): Selection<T> {
  const pods = podsByLabel(set);
  const countOf = (pair: string) => pods.get(pair)?.length ?? 0;
  const rarest = (labels: Labels) =>
    pairsOf(labels).reduce(
      (least, pair) => (least === any || countOf(pair) < countOf(least) ? pair : least),
      any,
    );
  const selective = items.flatMap((item, index) => {
    const labels = labelsOf(item);
    return labels === undefined ? [] : [{ item, index, pair: rarest(labels) }];
  });
  const byPair = Map.groupBy(selective, ({ pair }) => pair);
  const known = new WeakMap<PodSource, readonly T[]>();
  const find = (pod: PodSource) =>
    [any, ...pairsOf(pod.labels)]
      .flatMap((pair) => byPair.get(pair) ?? [])
      .filter(({ item }) => selects(item, pod))
      .toSorted((a, b) => a.index - b.index)
      .map(({ item }) => item);
  return {
    selectorsOf(pod) {
      let found = known.get(pod);
      if (found === undefined) known.set(pod, (found = find(pod)));
      return found;
    },
    podsOf(item) {
      const labels = labelsOf(item);
      if (labels === undefined) return [];
      const pair = rarest(labels);
      return (pair === any ? set.pods : (pods.get(pair) ?? [])).filter((pod) => selects(item, pod));
    },
  };
}

/** Stands for the labels of who asks for none. */
const any = "";
const indexes = new WeakMap<ObjectSet, ReadonlyMap<string, readonly PodSource[]>>();

function podsByLabel(set: ObjectSet): ReadonlyMap<string, readonly PodSource[]> {
  const known = indexes.get(set);
  if (known !== undefined) return known;
  const index = new Map<string, PodSource[]>();
  for (const pod of set.pods)
    for (const pair of pairsOf(pod.labels)) {
      const group = index.get(pair);
      if (group === undefined) index.set(pair, [pod]);
      else group.push(pod);
    }
  indexes.set(set, index);
  return index;
}

function pairsOf(labels: Labels): string[] {
  return Object.entries(labels).map(([key, value]) => `${key}=${value}`);
}
