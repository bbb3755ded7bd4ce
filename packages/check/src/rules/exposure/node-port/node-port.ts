import type { Service } from "@seaworthy/kube";
import { objectRule } from "../../../make-rule.ts";
import { offerToSet } from "../../../fixes.ts";

/** A Service that opens a port on every node. */
export const nodePort = objectRule<Service>(
  {
    kind: "Service",
    id: "node-port",
    severity: "advice",
    title: "a Service opens a port on every node",
    why: `A NodePort is open on each node's address, without TLS, past the Ingress and its rules. Clients name a node, and get
no answer when that node is replaced.`,
    mend: `\`type: ClusterIP\`, and an Ingress, an HTTPRoute or a load balancer before it. Where a load balancer outside of the
cluster asks the nodes, this is how it is meant: ignore the rule there.`,
    sources: ["https://kubernetes.io/docs/concepts/services-networking/service/#type-nodeport"],
    profile: "strict",
    peers: { "kube-score": ["service-type"], "kube-linter": ["exposed-services"] },
  },
  function* look(manifest) {
    const { metadata, spec } = manifest.object;
    if (spec.type !== "NodePort") return;
    yield {
      path: ["spec", "type"],
      message: `Service ${metadata.name} opens a port on every node, past the Ingress`,
      label: "open on every node",
      next: ["type: ClusterIP, with an Ingress or an HTTPRoute before it"],
      // A nodePort that is written is refused for another type.
      ...(spec.ports?.every((port) => !port.nodePort) && {
        fix: offerToSet({ manifest, path: [] }, ["spec", "type"], "ClusterIP"),
      }),
    };
  },
);
