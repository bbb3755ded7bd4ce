import type { Pod } from "@seaworthy/kube";

/** Where a container stands in its pod, as events name it. */
export function containerPath({ spec }: Pod, container: string): string {
  const list = lists.find((each) => spec[each]?.some(({ name }) => name === container)) ?? "containers";
  return `spec.${list}{${container}}`;
}

const lists = ["initContainers", "ephemeralContainers"] as const;
