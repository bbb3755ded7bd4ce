import type { Deployment } from "@seaworthy/kube";
import { objectRule } from "../../../make-rule.ts";
import { findPods } from "../../../objects/pod-source.ts";

/** A strict spread constraint that counts the pods of the old version, too. */
export const spreadCountsOldPods = objectRule<Deployment>(
  {
    id: "spread-counts-old-pods",
    kind: "Deployment",
    group: "apps",
    severity: "advice",
    title: "a strict spread constraint counts the pods of the old version",
    why: `During a rollout old and new pods are counted together. The new ones are put where few old ones are, and when the
old ones are gone the new ones stand unevenly, or one of them finds no place meanwhile.`,
    mend: `\`matchLabelKeys: [pod-template-hash]\` in the constraint: each version is then spread by itself (since 1.27).`,
    sources: [
      "https://kubernetes.io/docs/concepts/scheduling-eviction/topology-spread-constraints/#topologyspreadconstraints-field",
      "https://github.com/kubernetes/enhancements/tree/master/keps/sig-scheduling/3243-respect-pod-topology-spread-after-rolling-upgrades",
    ],
    profile: "strict",
  },
  function* look(manifest) {
    for (const { path, spec } of findPods(manifest))
      for (const [index, constraint] of (spec.topologySpreadConstraints ?? []).entries()) {
        const { whenUnsatisfiable, matchLabelKeys = [], topologyKey } = constraint;
        if (whenUnsatisfiable !== "DoNotSchedule" || matchLabelKeys.includes("pod-template-hash")) continue;
        const field = [...path, "spec", "topologySpreadConstraints", index];
        const keys = [...matchLabelKeys, "pod-template-hash"];
        yield {
          path: [...field, "whenUnsatisfiable"],
          message: `a rollout of ${manifest.object.metadata.name} counts old pods when it spreads new ones over ${topologyKey}`,
          label: "old pods count, too",
          next: ["matchLabelKeys: [pod-template-hash]"],
          fix: {
            isSafe: true,
            edits: [{ manifest, path: [...field, "matchLabelKeys"], op: "set", value: keys }],
          },
        };
      }
  },
);
