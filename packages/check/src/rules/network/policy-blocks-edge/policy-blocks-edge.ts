import { formatObjectName } from "@seaworthy/kube";
import { serviceOf } from "../../../objects/backend-service.ts";
import { backendsOf } from "../../../objects/backends.ts";
import { policiesOf, rulesOf } from "../../../objects/policies.ts";
import { servicesOf } from "../../../objects/selecting.ts";
import type { Rule } from "../../../rule.ts";

/** Pods behind an Ingress that nobody of another namespace may reach. */
export const policyBlocksEdge: Rule = {
  id: "policy-blocks-edge",
  severity: "warning",
  title: "a NetworkPolicy keeps the edge away from pods behind it",
  why: `The pods of an Ingress controller or a gateway run in a namespace of their own. A policy that lets only pods of its own namespace in
drops their connections: each request through the Ingress ends with 504, while everything works from inside the namespace.`,
  mend: "Let the namespace of the edge in: `from: [{namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: …}}}]`.",
  sources: [
    "https://kubernetes.io/docs/concepts/services-networking/network-policies/#behavior-of-to-and-from-selectors",
  ],
  profile: "default",
  *check(set) {
    for (const pod of set.pods) {
      const services = new Set(servicesOf(pod, set).map(({ object }) => object.metadata.name));
      const edge = backendsOf(set).find((backend) => {
        const service = serviceOf(backend, set);
        return (
          service !== undefined && services.has(backend.service) && servicesOf(pod, set).includes(service)
        );
      });
      if (edge === undefined) continue;
      const policies = policiesOf(pod, "Ingress", set);
      const rules = policies.flatMap(({ object }) => rulesOf(object, "Ingress"));
      const letsOthersIn = rules.some(
        ({ peers }) =>
          peers === undefined ||
          peers.some(
            ({ namespaceSelector, ipBlock }) => namespaceSelector !== undefined || ipBlock !== undefined,
          ),
      );
      const [policy] = policies;
      if (policy === undefined || letsOthersIn) continue;
      const { file, line } = pod.manifest.locate([...pod.path, "metadata", "labels"]);
      yield {
        manifest: policy,
        path: ["spec", "ingress"],
        message: `${formatObjectName(policy.object)} keeps ${formatObjectName(edge.manifest.object)} away from the pods of ${formatObjectName(pod.manifest.object)}`,
        label: rules.length === 0 ? "nobody comes in" : "only pods of this namespace come in",
        seen: [
          `${file}:${line} the policy selects the pods of ${formatObjectName(pod.manifest.object)}`,
          `${edge.manifest.file}:${edge.manifest.locate(edge.path).line} ${formatObjectName(edge.manifest.object)} sends to Service ${edge.service}`,
        ],
        next: ["let the namespace of the Ingress controller in, with a namespaceSelector"],
      };
    }
  },
};
