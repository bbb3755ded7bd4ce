import { formatObjectName, type Service } from "@seaworthy/kube";
import { serviceOf } from "../../../objects/network/backend-service.ts";
import { backendsOf, type Backend } from "../../../objects/network/backends.ts";
import { policiesOf, rulesOf } from "../../../objects/network/policies.ts";
import { podsOf } from "../../../objects/selecting.ts";
import type { ManifestOf, ObjectSet } from "../../../objects/object-set.ts";
import type { PodSource } from "../../../objects/pod-source.ts";
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
    for (const [pod, edge] of podsBehindEdges(set)) {
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

/** Pods that an edge sends to, with the first that does. */
function podsBehindEdges(set: ObjectSet): Map<PodSource, Backend> {
  const behind = new Map<PodSource, Backend>();
  const seen = new Set<ManifestOf<Service>>();
  for (const backend of backendsOf(set)) {
    const service = serviceOf(backend, set);
    if (service === undefined || seen.has(service)) continue;
    seen.add(service);
    for (const pod of podsOf(service, set)) if (!behind.has(pod)) behind.set(pod, backend);
  }
  return behind;
}
