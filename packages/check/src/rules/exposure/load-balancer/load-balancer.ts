import type { Service } from "@seaworthy/kube";
import { objectRule } from "../../../make-rule.ts";

/** A Service with a load balancer of its own. */
export const loadBalancer = objectRule<Service>(
  {
    kind: "Service",
    id: "load-balancer",
    severity: "advice",
    title: "a Service has a load balancer of its own",
    why: `kube-linter finds every Service that can be reached from outside, in case that was not meant. No profile of Seaworthy
does: it is how services are published where there is no Ingress.`,
    mend: `\`type: ClusterIP\` if it is for the cluster only, or \`loadBalancerSourceRanges\` for some clients only.`,
    sources: ["https://kubernetes.io/docs/concepts/services-networking/service/#loadbalancer"],
    peers: { "kube-linter": ["exposed-services"] },
  },
  function* look({ object: { metadata, spec } }) {
    if (spec.type !== "LoadBalancer") return;
    yield {
      path: ["spec", "type"],
      message: `Service ${metadata.name} is reached from outside of the cluster`,
      label: "a load balancer of its own",
      next: ["leave it, if that is meant", "type: ClusterIP"],
    };
  },
);
