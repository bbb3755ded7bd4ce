import type { KubeClient } from "@seaworthy/client";
import { resourceTypes, type Condition, type KubeObject } from "@seaworthy/kube";
import type { RolloutTarget } from "@seaworthy/release";
import { isScalerOf } from "./is-scaler-of.ts";

/** What a trial reads of a HorizontalPodAutoscaler of autoscaling/v2. */
export interface Autoscaler extends KubeObject {
  readonly spec: {
    readonly minReplicas?: number;
    readonly maxReplicas: number;
    readonly metrics?: readonly AutoscalerMetric[];
    readonly behavior?: { readonly scaleUp?: ScalingRules; readonly scaleDown?: ScalingRules };
  };
  readonly status?: {
    readonly desiredReplicas?: number;
    readonly conditions?: readonly Condition[];
  };
}

interface ScalingRules {
  readonly stabilizationWindowSeconds?: number;
  readonly selectPolicy?: string;
}

interface AutoscalerMetric {
  readonly type: string;
  readonly resource?: ResourceMetric;
  readonly containerResource?: ResourceMetric & { readonly container: string };
}

interface ResourceMetric {
  readonly name: string;
  readonly target: { readonly averageUtilization?: number; readonly averageValue?: string };
}

/** The CPU that pods are to use on average, by the first of an autoscaler's metrics that is about CPU. */
export interface CpuTarget {
  /** Its place in `spec.metrics`. */
  readonly index: number;
  /** The container that is meant; absent where it is the pod. */
  readonly container: string | undefined;
  /** One of the two: percent of what is requested, or a quantity. */
  readonly percent: number | undefined;
  readonly quantity: string | undefined;
}

/** An autoscaler that looks at the CPU of a Deployment's pods. */
export interface CpuAutoscaler {
  readonly name: string;
  readonly target: RolloutTarget;
  readonly cpu: CpuTarget;
}

/** Kubernetes changes nothing while use is within a tenth of the target (--horizontal-pod-autoscaler-tolerance). */
export const tolerance = 0.1;

/** The autoscalers of some Deployments that look at CPU. */
export async function findAutoscalers(
  client: KubeClient,
  deployments: readonly RolloutTarget[],
): Promise<CpuAutoscaler[]> {
  const namespaces = [...new Set(deployments.map(({ namespace }) => namespace))];
  const lists = await Promise.all(
    namespaces.map((namespace) =>
      client.list<Autoscaler>(resourceTypes.horizontalpodautoscalers, { namespace }),
    ),
  );
  return lists
    .flatMap(({ items }) => items)
    .flatMap((each) => {
      const target = deployments.find(
        ({ namespace, name }) => each.metadata.namespace === namespace && isScalerOf(each, name),
      );
      const cpu = cpuTargetOf(each);
      return target === undefined || cpu === undefined ? [] : [{ name: each.metadata.name, target, cpu }];
    });
}

/** Reads an autoscaler as it is now. */
export async function readAutoscaler(
  client: KubeClient,
  { name, target: { namespace } }: CpuAutoscaler,
): Promise<Autoscaler> {
  return await client.get<Autoscaler>(resourceTypes.horizontalpodautoscalers, namespace, name);
}

/** The CPU target of an autoscaler; undefined where it looks at other things only. */
export function cpuTargetOf({ spec }: Autoscaler): CpuTarget | undefined {
  for (const [index, { resource, containerResource }] of (spec.metrics ?? []).entries()) {
    const metric = resource ?? containerResource;
    if (metric?.name !== "cpu") continue;
    const { averageUtilization: percent, averageValue: quantity } = metric.target;
    return { index, container: containerResource?.container, percent, quantity };
  }
  return undefined;
}
