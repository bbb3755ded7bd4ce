import type { Pod } from "@seaworthy/kube";
import { demandOf } from "../node-info.ts";
import type { NodeFilter } from "../plugin.ts";

/**
 * Refuses nodes that have too little left of what the pod requests, or no place for one pod more.
 * https://github.com/kubernetes/kubernetes/blob/v1.36.3/pkg/scheduler/framework/plugins/noderesources/fit.go
 */
export function resourcesFit(pod: Pod): NodeFilter {
  const requests = [...demandOf(pod).requests].filter(([, amount]) => amount > 0n);
  return ({ allocatable, requested }) =>
    requests.flatMap(([name, amount]) => {
      const total = allocatable.get(name) ?? 0n;
      if (amount <= total - (requested.get(name) ?? 0n)) return [];
      // Who is one too many could come if another went, whatever the node has.
      return name === "pods"
        ? [{ reason: "Too many pods", fatal: false }]
        : [{ reason: `Insufficient ${name}`, fatal: amount > total }];
    });
}
