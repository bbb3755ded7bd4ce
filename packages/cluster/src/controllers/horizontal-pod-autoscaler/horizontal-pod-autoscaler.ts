import type { Condition, KubeObject, LabelSelector } from "@seaworthy/kube";

/** What the controller reads and writes of an autoscaling/v2 HorizontalPodAutoscaler. */
export interface HorizontalPodAutoscaler extends KubeObject {
  readonly spec: {
    readonly scaleTargetRef: { readonly apiVersion?: string; readonly kind: string; readonly name: string };
    readonly minReplicas?: number;
    readonly maxReplicas: number;
    readonly metrics?: readonly MetricSpec[];
    readonly behavior?: { readonly scaleUp: ScalingRules; readonly scaleDown: ScalingRules };
  };
  readonly status?: AutoscalerStatus;
}

/** What the controller tells. */
export interface AutoscalerStatus {
  readonly currentReplicas?: number;
  readonly desiredReplicas: number;
  readonly lastScaleTime?: string;
  readonly currentMetrics?: readonly object[] | null;
  readonly conditions?: readonly Condition[];
}

/** How fast replicas may come, or go. The API server fills in all but the window of `scaleDown`. */
export interface ScalingRules {
  readonly stabilizationWindowSeconds?: number;
  readonly selectPolicy: "Max" | "Min" | "Disabled";
  readonly policies: readonly {
    readonly type: "Pods" | "Percent";
    readonly value: number;
    readonly periodSeconds: number;
  }[];
  readonly tolerance?: string;
}

/** A metric that is to be held at its target. */
export interface MetricSpec {
  readonly type: string;
  readonly resource?: ResourceMetric;
  readonly containerResource?: ResourceMetric & { readonly container: string };
  readonly pods?: NamedMetric;
  readonly object?: ObjectMetric;
  readonly external?: NamedMetric;
}

interface ResourceMetric {
  readonly name: string;
  readonly target: { readonly averageValue?: string; readonly averageUtilization?: number };
}

/** A metric that an adapter knows by its name. */
export interface NamedMetric {
  readonly metric: { readonly name: string; readonly selector?: LabelSelector };
  readonly target: { readonly value?: string; readonly averageValue?: string };
}

/** A metric of one object. */
export interface ObjectMetric extends NamedMetric {
  readonly describedObject: DescribedObject;
}

/** Which object. */
export interface DescribedObject {
  readonly apiVersion?: string;
  readonly kind: string;
  readonly name: string;
}
