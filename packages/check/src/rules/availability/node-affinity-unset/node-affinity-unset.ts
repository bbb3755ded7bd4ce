import { podRule } from "../../../make-rule.ts";

/** Pods that do not say on which nodes they belong. */
export const nodeAffinityUnset = podRule(
  {
    id: "node-affinity-unset",
    severity: "advice",
    title: "pods do not say on which nodes they belong",
    why: `Where a cluster has nodes of several kinds, pods that say nothing may be on any of them. In most clusters that is as
it should be: this rule is in no profile.`,
    mend: `\`affinity.nodeAffinity\`, or a \`nodeSelector\`.`,
    sources: ["https://docs.kubelinter.io/#/generated/checks?id=no-node-affinity"],
    peers: { "kube-linter": ["no-node-affinity"] },
  },
  function* look({ spec, manifest }) {
    if (spec.affinity?.nodeAffinity) return;
    yield {
      path: ["spec", "affinity", "nodeAffinity"],
      message: `pods of ${manifest.object.metadata.name} may be on any node`,
      label: "no node affinity",
      next: ["affinity.nodeAffinity, where the cluster has nodes of several kinds"],
    };
  },
);
