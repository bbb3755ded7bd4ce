import type { PodDisruptionBudget } from "@seaworthy/kube";
import { objectRule } from "../../../make-rule.ts";
import { allowedDisruptions, podsUnder } from "../../../objects/workloads/disruption-budgets.ts";
import { replicasOf, seenReplicas } from "../../../objects/workloads/replica-count.ts";

/** A PodDisruptionBudget under which no pod can ever be evicted. */
export const disruptionBudgetBlocks = objectRule<PodDisruptionBudget>(
  {
    id: "disruption-budget-blocks",
    kind: "PodDisruptionBudget",
    group: "policy",
    severity: "warning",
    title: "a disruption budget lets no pod be evicted",
    why: `Whoever empties a node waits for a budget that never allows it: the update of the cluster stands still, until
somebody deletes the pod by hand or the provider does after an hour, without regard to any budget. An eviction does not
start the new pod first. Percentages of \`minAvailable\` are rounded up.`,
    mend: `\`maxUnavailable: 1\`. With a single pod a budget either blocks or does nothing: have two pods, or no budget.`,
    sources: [
      "https://github.com/kubernetes/kubernetes/issues/66811",
      "https://github.com/cagriekin/charts/issues/161",
      "https://kubernetes.io/docs/tasks/run-application/configure-pdb/#think-about-how-your-application-reacts-to-disruptions",
    ],
    profile: "default",
    peers: {
      "kube-linter": ["pdb-max-unavailable", "pdb-min-available"],
      polaris: ["pdbDisruptionsIsZero", "pdbMinAvailableGreaterThanHPAMinReplicas"],
    },
  },
  function* look(manifest, set) {
    const { maxUnavailable, minAvailable } = manifest.object.spec as {
      maxUnavailable?: number | string;
      minAvailable?: number | string;
    };
    const field = maxUnavailable === undefined ? "minAvailable" : "maxUnavailable";
    const value = maxUnavailable ?? minAvailable;
    if (value === undefined) return;
    const counts = podsUnder(manifest, set).map((pod) => replicasOf(pod.manifest, set));
    const known = counts.filter((count) => count !== undefined);
    const total = known.reduce((sum, { least }) => sum + least, 0);
    const never = field === "maxUnavailable" ? /^0%?$/.test(String(value)) : value === "100%";
    const isKnown = total > 0 && known.length === counts.length;
    if (!never && (!isKnown || allowedDisruptions(manifest, total) > 0)) return;
    const path = ["spec", field];
    const isOne = isKnown && total === 1;
    yield {
      path,
      message: `no pod of ${manifest.object.metadata.name} can be evicted: a node that has one cannot be emptied`,
      label: isKnown ? `of ${total} ${total === 1 ? "pod" : "pods"}` : "allows no disruption",
      seen: isKnown ? known.map(seenReplicas) : [],
      next: isOne
        ? ["two replicas and maxUnavailable: 1; or no budget for a single pod"]
        : ["maxUnavailable: 1"],
      ...(!isOne && {
        fix: {
          isSafe: false,
          edits: [
            ...(field === "minAvailable" ? [{ manifest, path, op: "remove" } as const] : []),
            { manifest, path: ["spec", "maxUnavailable"], op: "set", value: 1 },
          ],
        },
      }),
    };
  },
);
