import type { Service } from "../../../object.ts";
import type { QuotaRules } from "../../../quota/quota-rules.ts";

/**
 * How Services count for ResourceQuotas: by their number, and by the node ports and load balancers that they take.
 * https://github.com/kubernetes/kubernetes/blob/v1.36.3/pkg/quota/v1/evaluator/core/services.go
 */
export const serviceQuotaRules: QuotaRules = {
  tracks: (resource) => resources.has(resource),
  usage(object) {
    const service = object as Service;
    const balanced = service.spec.type === "LoadBalancer";
    return {
      "count/services": "1",
      services: "1",
      "services.nodeports": String(nodePorts(service)),
      "services.loadbalancers": balanced ? "1" : "0",
    };
  },
  checksUpdate: () => true,
  frees: (object, old) => scarceType(object as Service) !== scarceType(old as Service),
};

const resources: ReadonlySet<string> = new Set([
  "count/services",
  "services",
  "services.nodeports",
  "services.loadbalancers",
]);

function nodePorts({ spec }: Service): number {
  const ports = spec.ports ?? [];
  if (spec.type === "NodePort") return ports.length;
  if (spec.type !== "LoadBalancer") return 0;
  if (spec.allocateLoadBalancerNodePorts !== false) return ports.length;
  return ports.filter(({ nodePort = 0 }) => nodePort !== 0).length;
}

function scarceType({ spec: { type } }: Service): string {
  return type === "NodePort" || type === "LoadBalancer" ? type : "";
}
