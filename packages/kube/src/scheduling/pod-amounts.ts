import { isSidecar } from "../kinds/core/pod/running-containers.ts";
import type { Container, Pod } from "../object.ts";
import { parseQuantity } from "../quantity/quantity.ts";

/** Amounts by resource name, in billionths of the resource's unit. */
export type Resources = ReadonlyMap<string, bigint>;

/**
 * What a pod's containers request, or are limited to: all together with the sidecars, or the largest init container when
 * that is more. What the pod says of itself as a whole goes before it. `whereMissing` is counted for each container that does
 * not name the resource.
 * https://github.com/kubernetes/component-helpers/blob/v0.36.3/resource/helpers.go
 */
export function podAmounts(
  { spec }: Pod,
  field: "requests" | "limits",
  whereMissing: Resources = new Map(),
): Resources {
  const amountsOf = ({ resources }: Container) =>
    new Map([...whereMissing, ...resourceAmounts(resources?.[field])]);
  let running = sumResources(spec.containers.map(amountsOf));
  let peak: Resources = new Map();
  let sidecars: Resources = new Map();
  for (const container of spec.initContainers ?? []) {
    const amounts = amountsOf(container);
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
