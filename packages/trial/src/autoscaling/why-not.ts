import type { FieldPath } from "@seaworthy/kube";
import { tolerance, type Autoscaler, type CpuTarget } from "./autoscaler.ts";
import type { PodCpu } from "./pod-cpu.ts";

/** Why an autoscaler adds no pod, and the field that would let it. */
export interface WhyNot {
  readonly why: string;
  /** The object whose field it is; absent where no field helps. */
  readonly kind?: "Deployment" | "HorizontalPodAutoscaler";
  readonly path?: FieldPath;
  /** What to do, in one sentence. */
  readonly next: string;
}

/** What keeps an autoscaler from adding pods, whatever the load; undefined where nothing does. */
export function whyNever(
  autoscaler: Autoscaler,
  cpu: CpuTarget,
  pod: PodCpu,
  replicas: number,
): WhyNot | undefined {
  const { maxReplicas, behavior } = autoscaler.spec;
  if (maxReplicas <= replicas)
    return {
      why: `it may have ${maxReplicas} pods at most, and there are ${replicas} already`,
      kind: "HorizontalPodAutoscaler",
      path: ["spec", "maxReplicas"],
      next: `let it add some: maxReplicas: ${replicas * 2}`,
    };
  if (behavior?.scaleUp?.selectPolicy === "Disabled")
    return {
      why: "selectPolicy: Disabled keeps it from adding pods",
      kind: "HorizontalPodAutoscaler",
      path: ["spec", "behavior", "scaleUp", "selectPolicy"],
      next: "leave it out, or write Max",
    };
  const [first] = pod.withoutRequest;
  if (first !== undefined)
    return {
      why: `its target is a share of what pods request, and container ${first.name} requests no CPU: Kubernetes says FailedGetResourceMetric, and changes nothing`,
      kind: "Deployment",
      path: ["spec", "template", "spec", first.list, first.index, "resources", "requests", "cpu"],
      next: "write what a pod needs (seaworthy size finds it), or a target in cores: averageValue",
    };
  return whyOutOfReach(autoscaler, cpu, pod);
}

/** A target that a pod's limit keeps it below. */
function whyOutOfReach(
  { spec }: Autoscaler,
  { index, percent, container }: CpuTarget,
  { targetMillis, limitMillis }: PodCpu,
): WhyNot | undefined {
  if (targetMillis === undefined || limitMillis === undefined) return undefined;
  const actsAt = targetMillis * (1 + tolerance);
  if (limitMillis > actsAt) return undefined;
  const metric = container === undefined ? "resource" : "containerResource";
  const [field, value] =
    percent === undefined
      ? ["averageValue", `${Math.floor((limitMillis * 7) / 10)}m`]
      : ["averageUtilization", `${Math.floor((percent * limitMillis * 0.7) / targetMillis)}`];
  const others = (spec.metrics ?? []).length > 1 ? " by CPU" : "";
  return {
    why: `it acts${others} when pods use more than ${Math.round(actsAt)}m each, a tenth above its target, and their limit is ${Math.round(limitMillis)}m`,
    kind: "HorizontalPodAutoscaler",
    path: ["spec", "metrics", index, metric, "target", field],
    next: `${field}: ${value} leaves room below the limit; or write a higher limit, or none`,
  };
}

/** What an autoscaler itself says of why it does nothing; undefined while it works, or has said nothing yet. */
export function whatItSays({ status }: Autoscaler): string | undefined {
  const bad = (status?.conditions ?? []).find(
    ({ type, status: is }) => (type === "ScalingActive" || type === "AbleToScale") && is === "False",
  );
  return bad === undefined ? undefined : `${bad.reason}: ${bad.message}`;
}

/** Whether an autoscaler has metrics and works. */
export function isActive({ status }: Autoscaler): boolean {
  return status?.conditions?.some((each) => each.type === "ScalingActive" && each.status === "True") === true;
}
