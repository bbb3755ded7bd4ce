import { isSidecar } from "../kinds/core/pod/running-containers.ts";
import type { Pod } from "../object.ts";
import { parseQuantity } from "../quantity/quantity.ts";

/** Amounts by resource name, in billionths of the resource's unit. */
export type Resources = ReadonlyMap<string, bigint>;

/**
 * What a pod's containers request, or are limited to: all together with the sidecars, or the largest init container when
 * that is more. What the pod says of itself as a whole goes before it.
 * https://github.com/kubernetes/component-helpers/blob/v0.36.3/resource/helpers.go
 */
export function podAmounts({ spec }: Pod, field: "requests" | "limits"): Resources {
  let running = sumResources(spec.containers.map(({ resources }) => resourceAmounts(resources?.[field])));
  let peak: Resources = new Map();
  let sidecars: Resources = new Map();
  for (const container of spec.initContainers ?? []) {
    const amounts = resourceAmounts(container.resources?.[field]);
    if (isSidecar(container)) sidecars = sumResources([sidecars, amounts]);
    peak = largest(peak, isSidecar(container) ? sidecars : sumResources([sidecars, amounts]));
  }
  running = sumResources([running, sidecars]);
  const ofPod = [...resourceAmounts(spec.resources?.[field])].filter(([name]) => isOfPod(name));
  return new Map([...largest(running, peak), ...ofPod]);
}

/** Quantities by resource name as amounts. */
export function resourceAmounts(quantities: Readonly<Record<string, string>> | undefined): Resources {
  return new Map(Object.entries(quantities ?? {}).map(([name, text]) => [name, parseQuantity(text)]));
}

/** The amounts of several, added up. */
export function sumResources(all: readonly Resources[]): Resources {
  const total = new Map<string, bigint>();
  for (const one of all) for (const [name, amount] of one) total.set(name, (total.get(name) ?? 0n) + amount);
  return total;
}

/** What may be said of a pod as a whole. */
function isOfPod(name: string): boolean {
  return name === "cpu" || name === "memory" || name.startsWith("hugepages-");
}

function largest(left: Resources, right: Resources): Resources {
  const result = new Map(left);
  for (const [name, amount] of right) if (amount > (result.get(name) ?? 0n)) result.set(name, amount);
  return result;
}
