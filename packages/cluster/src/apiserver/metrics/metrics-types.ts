import { apiVersionOf, formatQuantity, kind, type KubeObject } from "@seaworthy/kube";
import type { Resource } from "../resource.ts";
import { metricsColumns } from "./metrics-columns.ts";

/** What something uses, in quantities. */
export interface Usage {
  readonly cpu: string;
  readonly memory: string;
}

/** NodeMetrics and PodMetrics of metrics.k8s.io/v1beta1. */
export interface Metrics extends KubeObject {
  readonly timestamp: string;
  readonly window: string;
  readonly usage?: Usage;
  readonly containers?: readonly { readonly name: string; readonly usage: Usage }[];
}

const group = "metrics.k8s.io";
const version = "v1beta1";

/**
 * The resources of metrics.k8s.io, which a real cluster has from metrics-server. They are computed when they are asked
 * for, so there is no kind of them that could be stored.
 */
export const metricsResources: readonly Resource[] = [
  metricsResource("NodeMetrics", "nodes", "cluster"),
  metricsResource("PodMetrics", "pods", "namespaced"),
];

/** Nanocores and bytes as they are told. */
export function usageOf(nanocores: number, memoryBytes: number): Usage {
  return {
    cpu: formatQuantity(BigInt(nanocores)),
    memory: formatQuantity(BigInt(memoryBytes) * 1_000_000_000n, "binary"),
  };
}

function metricsResource(name: string, plural: string, scope: "namespaced" | "cluster"): Resource {
  const apiVersion = apiVersionOf({ group, version });
  return {
    type: {
      ...kind(group, version, name, plural, scope, { columns: metricsColumns }),
      version,
      apiVersion,
      singular: "",
      listKind: `${name}List`,
    },
    status: "none",
    collection: `${group}/${plural}`,
    storedAs: apiVersion,
    typeIn: () => undefined,
  };
}
