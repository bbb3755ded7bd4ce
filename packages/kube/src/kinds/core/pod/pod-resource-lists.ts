import type { Pod } from "../../../object.ts";
import { formatLike } from "../../../quantity/quantity.ts";
import type { ResourceList } from "../../../quota/resource-list.ts";
import { podAmounts, resourceAmounts } from "../../../scheduling/pod-amounts.ts";

/** What a pod requests and what it is limited to, in quantities. */
export interface PodResourceLists {
  readonly requests: ResourceList;
  readonly limits: ResourceList;
}

/** Adds up what a pod's containers ask for; `withOverhead` also what its runtime needs beside them. */
export function podResourceLists(
  pod: Pod,
  { withOverhead }: { readonly withOverhead: boolean },
): PodResourceLists {
  const overhead = resourceAmounts(withOverhead ? pod.spec.overhead : undefined);
  const requests = new Map(podAmounts(pod, "requests"));
  for (const [name, amount] of overhead) requests.set(name, (requests.get(name) ?? 0n) + amount);
  const limits = new Map(podAmounts(pod, "limits"));
  // What has no limit has none with its overhead either.
  for (const [name, amount] of overhead) {
    const limit = limits.get(name) ?? 0n;
    if (limit !== 0n) limits.set(name, limit + amount);
  }
  return { requests: written(pod, "requests", requests), limits: written(pod, "limits", limits) };
}

/** Sums are written as the first of their parts is: in powers of two or of ten. */
function written(
  { spec }: Pod,
  field: "requests" | "limits",
  amounts: ReadonlyMap<string, bigint>,
): ResourceList {
  const parts = [...spec.containers, ...(spec.initContainers ?? [])].map(
    ({ resources }) => resources?.[field],
  );
  const sources = [spec.resources?.[field], ...parts, spec.overhead];
  return Object.fromEntries(
    [...amounts].map(([name, amount]) => {
      const like = sources.find((source) => source?.[name] !== undefined)?.[name] ?? "0";
      return [name, formatLike(amount, like)];
    }),
  );
}
