import { type Deployment } from "@seaworthy/kube";
import { objectRule } from "../../../make-rule.ts";
import { claimsOf } from "../../../objects/workloads/claims.ts";
import { findPods } from "../../../objects/pod-source.ts";
import { replicasOf } from "../../../objects/workloads/replica-count.ts";
import { rolloutBudget } from "../../../objects/workloads/rollout-budget.ts";

/** A Deployment whose pods, two at once, need a volume that only one node can mount. */
export const claimOfOneNode = objectRule<Deployment>(
  {
    id: "claim-of-one-node",
    kind: "Deployment",
    group: "apps",
    severity: "warning",
    title: "a rollout needs a volume on two nodes that only one can mount",
    why: `A volume of access mode ReadWriteOnce is mounted by one node, and ReadWriteOncePod by one pod. A rolling update
starts the new pod beside the old one; where it lands on another node it waits for the volume, and the old one is not
ended before the new one is ready: the rollout stands still for ever. A quarter of one replica, the default of
\`maxUnavailable\`, is none.`,
    mend: `One replica with \`strategy: {type: Recreate}\`; or a StatefulSet with a claim for each pod; or a volume that many
nodes can mount (ReadWriteMany).`,
    sources: [
      "https://github.com/helmforgedev/charts/issues/1294",
      "https://github.com/mattermost/mattermost-helm/issues/283",
      "https://kubernetes.io/docs/concepts/storage/persistent-volumes/#access-modes",
    ],
    profile: "default",
  },
  function* look(manifest, set) {
    const [pod] = findPods(manifest);
    const replicas = replicasOf(manifest, set);
    if (pod === undefined || replicas === undefined) return;
    const surge = rolloutBudget(manifest.object, replicas.least)?.surge ?? 0;
    if (replicas.most < 2 && surge === 0) return;
    for (const { name, path, claim, isOfOneNode } of claimsOf(pod, set)) {
      if (isOfOneNode !== true || claim === undefined) continue;
      const { file, line } = claim.locate(["spec", "accessModes"]);
      const strategy = {
        manifest,
        path: ["spec", "strategy"],
        op: "set",
        value: { type: "Recreate" },
      } as const;
      yield {
        path: [...pod.path, ...path],
        message:
          replicas.most > 1
            ? `up to ${replicas.most} pods of ${manifest.object.metadata.name} share the claim ${name}, which only one node can mount`
            : `a rollout of ${manifest.object.metadata.name} starts a second pod, which may wait for the claim ${name} for ever`,
        label: `${claim.object.spec?.accessModes?.join(", ")}`,
        seen: [
          `${file}:${line} lets one ${isOfOnePod(claim.object.spec?.accessModes) ? "pod" : "node"} mount it`,
        ],
        next:
          replicas.most > 1
            ? ["a StatefulSet with volumeClaimTemplates, or accessModes: [ReadWriteMany]"]
            : ["strategy: {type: Recreate}"],
        ...(replicas.most === 1 && { fix: { isSafe: false, edits: [strategy] } }),
      };
    }
  },
);

function isOfOnePod(modes: readonly string[] = []): boolean {
  return modes.every((mode) => mode === "ReadWriteOncePod");
}
