import { isSidecar, parseQuantity, type Container, type Pod } from "@seaworthy/kube";
import type { CpuTarget } from "./autoscaler.ts";

/** What a pod's containers have of CPU, as far as a target is about them; in thousandths of a core. */
export interface PodCpu {
  /** What a pod is to use on average; undefined where that is a share of a request that nobody wrote. */
  readonly targetMillis: number | undefined;
  /** What a pod can use at most; undefined where no limit says so. */
  readonly limitMillis: number | undefined;
  /** The containers that count and request no CPU, by their place in the pod. */
  readonly withoutRequest: readonly ContainerAt[];
}

/** A container, and where it is written below `spec` of a pod. */
export interface ContainerAt {
  readonly list: "containers" | "initContainers";
  readonly index: number;
  readonly name: string;
}

/**
 * Reads them from a pod that is there, which has what LimitRanges gave it.
 * https://github.com/kubernetes/kubernetes/blob/v1.36.3/pkg/controller/podautoscaler/replica_calculator.go (calculateRequests)
 */
export function podCpu(
  { spec }: Pick<Pod, "spec">,
  { container: only, percent, quantity }: CpuTarget,
): PodCpu {
  const whole = only === undefined ? spec.resources : undefined;
  const counted = [
    ...spec.containers.map((each, index) => ({ list: "containers", index, each }) as const),
    ...(spec.initContainers ?? [])
      .map((each, index) => ({ list: "initContainers", index, each }) as const)
      .filter(({ each }) => isSidecar(each)),
  ].filter(({ each }) => only === undefined || each.name === only);
  const requests = whole?.requests?.["cpu"];
  const withoutRequest =
    requests === undefined
      ? counted
          .filter(({ each }) => each.resources?.requests?.["cpu"] === undefined)
          .map(({ list, index, each }) => ({ list, index, name: each.name }))
      : [];
  const sum = (kind: "requests" | "limits") =>
    counted.reduce((all, { each }) => all + millisOf(each.resources?.[kind]?.["cpu"] ?? 0), 0);
  const requested = requests === undefined ? sum("requests") : millisOf(requests);
  const share = withoutRequest.length > 0 ? undefined : (requested * (percent ?? 0)) / 100;
  return {
    targetMillis: quantity === undefined ? share : millisOf(quantity),
    limitMillis: limitOf(
      whole?.limits?.["cpu"],
      counted.map(({ each }) => each),
      sum("limits"),
    ),
    withoutRequest: quantity === undefined ? withoutRequest : [],
  };
}

function limitOf(
  whole: string | number | undefined,
  containers: readonly Container[],
  sum: number,
): number | undefined {
  if (whole !== undefined) return millisOf(whole);
  return containers.every(({ resources }) => resources?.limits?.["cpu"] !== undefined) ? sum : undefined;
}

/** Thousandths of a core. */
export function millisOf(quantity: string | number): number {
  return Number(parseQuantity(quantity)) / 1e6;
}
