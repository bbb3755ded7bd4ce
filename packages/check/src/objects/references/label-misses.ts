import { formatObjectName, isCustomKind, nearestName, podTemplateOf, type KubeObject } from "@seaworthy/kube";
import { mayMeet, type ObjectSet } from "../object-set.ts";
import { podsNear } from "../pods-near.ts";
import type { PodSource } from "../pod-source.ts";
import { hasUnreadablePods } from "./unreadable.ts";

/** Labels that an object asks for, and the pods that come nearest to having them. */
export interface LabelMiss {
  /** The label that no pod has, or that too few have beside the others. */
  readonly key: string;
  readonly wanted: string;
  /** What the nearest pod has in its place. */
  readonly has: string | undefined;
  /** The same where it is probably what was meant: it is spelled alike, or there are no other pods. */
  readonly meant: string | undefined;
  readonly nearest: PodSource;
  /** Where that pod is, and its labels, for people. */
  readonly seen: string;
}

/**
 * What is wrong with labels that match no pod of a namespace. Undefined where that is no fault: none of the pods of this namespace
 * is among the files, or an operator or an object that cannot be read may make those that are meant.
 */
export function findLabelMiss(
  object: KubeObject,
  labels: Readonly<Record<string, string>>,
  set: ObjectSet,
): LabelMiss | undefined {
  const pods = podsNear(object, set);
  const [first] = pods;
  if (first === undefined || hasUnreadablePods(set, object) || mayBeMade(object, labels, set))
    return undefined;
  const nearest = pods.reduce((best, pod) => nearer(best, missIn(pod, labels)), missIn(first, labels));
  const { pod, key, wanted, has } = nearest;
  const isMeant = has !== undefined && (pods.length === 1 || isLike(wanted, has));
  return { key, wanted, has, meant: isMeant ? has : undefined, nearest: pod, seen: labelsSeen(pod) };
}

interface Miss extends Pick<LabelMiss, "key" | "wanted" | "has"> {
  readonly pod: PodSource;
  readonly count: number;
}

/** What a pod lacks of some labels: one that it has with another value is told of first. */
function missIn(pod: PodSource, labels: Readonly<Record<string, string>>): Miss {
  const misses = Object.entries(labels).filter(([key, value]) => pod.labels[key] !== value);
  const [key, wanted] = misses.find(([label]) => pod.labels[label] !== undefined) ?? misses[0] ?? ["", ""];
  return { pod, key, wanted, has: pod.labels[key], count: misses.length };
}

/** The one with fewer misses, then the one that is spelled alike, then the first. */
function nearer(one: Miss, other: Miss): Miss {
  if (one.count !== other.count) return one.count < other.count ? one : other;
  const isSpelledAlike = ({ wanted, has }: Miss) => has !== undefined && isLike(wanted, has);
  return !isSpelledAlike(one) && isSpelledAlike(other) ? other : one;
}

/** Whether one name may stand for another: `shop` for `shopp` or `shop-api`. */
function isLike(one: string, other: string): boolean {
  return (
    nearestName(one, [other]) !== undefined || one.startsWith(`${other}-`) || other.startsWith(`${one}-`)
  );
}

/** `k8s/app.yaml:14 Deployment shop labels its pods app=shop`. */
export function labelsSeen({ manifest, path, labels }: PodSource): string {
  const { file, line } = manifest.locate([...path, "metadata", "labels"]);
  const text = Object.entries(labels).map(([key, value]) => `${key}=${value}`);
  return `${file}:${line} ${formatObjectName(manifest.object)} labels its pods ${text.join(",") || "with nothing"}`;
}

/** An operator labels the pods that it makes with the name of the object that asked for them. */
function mayBeMade(object: KubeObject, labels: Readonly<Record<string, string>>, set: ObjectSet): boolean {
  const values = new Set(Object.values(labels));
  return set.manifests.some(
    (each) =>
      isCustomKind(each.object.apiVersion, each.object.kind) &&
      values.has(each.object.metadata.name) &&
      podTemplateOf(each.object)?.spec === undefined &&
      mayMeet(each.object, object),
  );
}
