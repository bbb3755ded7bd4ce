import { tolerates, type Pod, type Taint } from "@seaworthy/kube";

/** How long a pod may stay on a node with these taints, all of which drive pods off: not at all, for a while, or for good. */
export function toleratedMs({ spec }: Pod, taints: readonly Taint[]): number {
  const used = taints.map((taint) => spec.tolerations?.find((toleration) => tolerates(toleration, taint)));
  if (used.includes(undefined)) return 0;
  const limits = used.flatMap((toleration) => toleration?.tolerationSeconds ?? []);
  return limits.length === 0 ? Infinity : Math.max(0, Math.min(...limits)) * 1000;
}
