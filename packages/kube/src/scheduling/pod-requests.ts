import { isSidecar } from "../kinds/core/pod/running-containers.ts";
import type { Pod } from "../object.ts";
import { parseQuantity } from "../quantity/quantity.ts";

/** Amounts by resource name, in billionths of the resource's unit. */
export type Resources = ReadonlyMap<string, bigint>;

/**
 * What a pod requests: its containers together with its sidecars, or its largest init container when that is
 * more; plus its overhead (k8s.io/component-helpers/resource, PodRequests).
 */
export function podRequests(pod: Pod): Resources {
  let running = sumResources(
    pod.spec.containers.map(({ resources }) => resourceAmounts(resources?.requests)),
  );
  let peak: Resources = new Map();
  let sidecars: Resources = new Map();
  for (const container of pod.spec.initContainers ?? []) {
    const requests = resourceAmounts(container.resources?.requests);
    if (isSidecar(container)) sidecars = sumResources([sidecars, requests]);
    peak = largest(peak, isSidecar(container) ? sidecars : sumResources([sidecars, requests]));
  }
  running = sumResources([running, sidecars]);
  return sumResources([largest(running, peak), resourceAmounts(pod.spec.overhead), onePod]);
}

const onePod: Resources = new Map([["pods", 1_000_000_000n]]);

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

function largest(left: Resources, right: Resources): Resources {
  const result = new Map(left);
  for (const [name, amount] of right) if (amount > (result.get(name) ?? 0n)) result.set(name, amount);
  return result;
}
