import { matchesLabelSelector } from "@seaworthy/kube";
import { podRule } from "../../../make-rule.ts";

/** A spread constraint that does not count the pods that it is to spread. */
export const spreadCountsOthers = podRule(
  {
    id: "spread-counts-others",
    severity: "warning",
    title: "a spread constraint does not count its own pods",
    why: `A constraint spreads by counting the pods that its \`labelSelector\` selects. When the app's own pods are not among
them, or there is no selector at all, the numbers never change: all its pods may land on one node.`,
    mend: `Let \`labelSelector\` match the labels of the same template.`,
    sources: [
      "https://kubernetes.io/docs/concepts/scheduling-eviction/topology-spread-constraints/#topologyspreadconstraints-field",
    ],
    profile: "default",
    peers: { "kube-score": ["pod-topology-spread-constraints"] },
  },
  function* look({ spec, labels, manifest }) {
    for (const [index, { labelSelector, topologyKey }] of (spec.topologySpreadConstraints ?? []).entries()) {
      if (matchesLabelSelector(labelSelector, labels)) continue;
      const path = ["spec", "topologySpreadConstraints", index, "labelSelector"];
      const { name } = manifest.object.metadata;
      yield {
        path,
        message: `pods of ${name} are not spread over ${topologyKey}: the constraint ${labelSelector ? "counts other pods" : "counts none"}`,
        label: labelSelector ? "does not match these pods" : "no labelSelector",
        next: [
          `labelSelector.matchLabels: {${Object.entries(labels)
            .map(([key, value]) => `${key}: ${value}`)
            .join(", ")}}`,
        ],
      };
    }
  },
);
