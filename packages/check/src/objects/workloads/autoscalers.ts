import { groupOf, type FieldPath, type KubeObject, type Manifest } from "@seaworthy/kube";
import { mayMeet, type ManifestOf, type ObjectSet } from "../object-set.ts";

/** The fields of a HorizontalPodAutoscaler that rules look at; `targetCPUUtilizationPercentage` is of autoscaling/v1. */
export interface HorizontalPodAutoscaler extends KubeObject {
  spec: {
    scaleTargetRef: TargetReference;
    minReplicas?: number;
    maxReplicas: number;
    metrics?: Metric[];
    targetCPUUtilizationPercentage?: number;
    behavior?: { scaleDown?: { stabilizationWindowSeconds?: number } };
  };
}

/** A metric of a HorizontalPodAutoscaler. */
export interface Metric {
  type: string;
  resource?: ResourceMetric;
  containerResource?: ResourceMetric & { container: string };
}

interface ResourceMetric {
  name: string;
  target: { type: string; averageUtilization?: number };
}

interface TargetReference {
  apiVersion?: string;
  kind?: string;
  name: string;
}

/** https://keda.sh/docs/latest/reference/scaledobject-spec/ */
interface ScaledObject extends KubeObject {
  spec?: { scaleTargetRef?: Partial<TargetReference>; minReplicaCount?: number; maxReplicaCount?: number };
}

/** What sets the number of a workload's pods. */
export interface Autoscaler {
  readonly manifest: Manifest;
  readonly least: number;
  readonly most: number;
  /** Where the least number is written, or would be. */
  readonly leastPath: FieldPath;
}

/** Those that set the number of this workload's pods. */
export function autoscalersOf({ object }: Manifest, set: ObjectSet): readonly Autoscaler[] {
  let known = byTarget.get(set);
  if (known === undefined) {
    known = Map.groupBy(
      findAutoscalers(set),
      ({ target }) => `${target.kind ?? "Deployment"} ${target.name}`,
    );
    byTarget.set(set, known);
  }
  const named = known.get(`${object.kind} ${object.metadata.name}`) ?? [];
  return named.filter(({ manifest }) => mayMeet(manifest.object, object));
}

/** Each workload asks, and there may be thousands of both. */
const byTarget = new WeakMap<ObjectSet, ReadonlyMap<string, readonly FoundAutoscaler[]>>();

type FoundAutoscaler = Autoscaler & { readonly target: Partial<TargetReference> };

function findAutoscalers(set: ObjectSet): FoundAutoscaler[] {
  const horizontal = horizontalAutoscalers(set).map((manifest): FoundAutoscaler => {
    const { minReplicas = 1, maxReplicas, scaleTargetRef } = manifest.object.spec;
    const leastPath = ["spec", "minReplicas"];
    return { manifest, least: minReplicas, most: maxReplicas, leastPath, target: scaleTargetRef };
  });
  const scaled = set.of<ScaledObject>("ScaledObject", "keda.sh").map((manifest): FoundAutoscaler => {
    const { minReplicaCount = 0, maxReplicaCount = 100, scaleTargetRef } = manifest.object.spec ?? {};
    const leastPath = ["spec", "minReplicaCount"];
    return {
      manifest,
      least: minReplicaCount,
      most: maxReplicaCount,
      leastPath,
      target: scaleTargetRef ?? {},
    };
  });
  return [...horizontal, ...scaled];
}

/** Every HorizontalPodAutoscaler but those that KEDA makes of its own objects. */
export function horizontalAutoscalers(set: ObjectSet): ManifestOf<HorizontalPodAutoscaler>[] {
  return set
    .of<HorizontalPodAutoscaler>("HorizontalPodAutoscaler", "autoscaling")
    .filter(
      ({ object }) => !(object.metadata.ownerReferences ?? []).some(({ kind }) => kind === "ScaledObject"),
    );
}

/** The workload whose number of pods it sets, if that is among the objects. */
export function targetOf(
  { object }: ManifestOf<HorizontalPodAutoscaler>,
  set: ObjectSet,
): Manifest | undefined {
  const { apiVersion = "apps/v1", kind = "Deployment", name } = object.spec.scaleTargetRef;
  return set.beside(object, kind, name, groupOf(apiVersion));
}
