import type { PriorityClass } from "../../../object.ts";

/**
 * The PriorityClasses that every cluster has.
 * https://github.com/kubernetes/kubernetes/blob/v1.36.3/pkg/apis/scheduling/v1/helpers.go
 */
export const systemPriorities: readonly PriorityClass[] = [
  {
    apiVersion: "scheduling.k8s.io/v1",
    kind: "PriorityClass",
    metadata: { name: "system-node-critical" },
    value: 2_000_001_000,
    description: "Used for system critical pods that must not be moved from their current node.",
  },
  {
    apiVersion: "scheduling.k8s.io/v1",
    kind: "PriorityClass",
    metadata: { name: "system-cluster-critical" },
    value: 2_000_000_000,
    description:
      "Used for system critical pods that must run in the cluster, but can be moved to another node if necessary.",
  },
];
