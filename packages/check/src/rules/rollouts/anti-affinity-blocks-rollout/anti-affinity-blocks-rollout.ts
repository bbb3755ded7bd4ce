import { formatFieldPath, type Deployment } from "@seaworthy/kube";
import { objectRule } from "../../../make-rule.ts";
import { findPods } from "../../../objects/pod-source.ts";
import { replicasOf, seenReplicas } from "../../../objects/workloads/replica-count.ts";
import { rolloutBudget } from "../../../objects/workloads/rollout-budget.ts";
import { selfAvoidances } from "../../../objects/workloads/self-avoiding.ts";

/** A Deployment whose pods must not stand together, so that a new one needs a place that may not be there. */
export const antiAffinityBlocksRollout = objectRule<Deployment>(
  {
    id: "anti-affinity-blocks-rollout",
    kind: "Deployment",
    group: "apps",
    severity: "warning",
    title: "required anti-affinity leaves a rollout no place for a new pod",
    why: `A required anti-affinity to the app's own label holds between old and new pods, too. When each node (or zone) has
one, the new pod of a rollout has no place; with no pod allowed to be missing, no old one is ended for it, and the
rollout stands still. Where zones are meant, a fourth pod in three zones is never started.`,
    mend: `Prefer it (\`preferredDuringSchedulingIgnoredDuringExecution\`), or use \`topologySpreadConstraints\` with
\`whenUnsatisfiable: ScheduleAnyway\`. Or let a pod be missing: \`maxSurge: 0\`, \`maxUnavailable: 1\`; or tell revisions
apart: \`mismatchLabelKeys\` and \`matchLabelKeys: [pod-template-hash]\` (since 1.31).`,
    sources: [
      "https://github.com/kubernetes/kubernetes/issues/116891",
      "https://github.com/kubernetes/kubernetes/issues/56539",
    ],
    profile: "default",
  },
  function* look(manifest, set) {
    const [pod] = findPods(manifest);
    const replicas = replicasOf(manifest, set);
    if (pod === undefined || replicas === undefined || replicas.most === 0) return;
    const unavailable = rolloutBudget(manifest.object, replicas.least)?.unavailable ?? 1;
    for (const { topologyKey, path } of selfAvoidances(pod)) {
      const isZone = !topologyKey.endsWith("/hostname");
      const isTooMany = isZone && replicas.most > mostZones;
      if (unavailable > 0 && !isTooMany) continue;
      const place = isZone ? "zone" : "node";
      yield {
        path: [...pod.path, ...path],
        message: isTooMany
          ? `${manifest.object.metadata.name} may have ${replicas.most} pods, and no two of them may be in one ${topologyKey}`
          : `a rollout of ${manifest.object.metadata.name} needs a ${place} that has none of its pods, and ends no old pod before`,
        label: `one pod for each ${place}, old or new`,
        seen: [seenReplicas(replicas)],
        next: [
          `use ${formatFieldPath(["podAntiAffinity", "preferredDuringSchedulingIgnoredDuringExecution"])}`,
          ...(isTooMany ? [] : ["or strategy.rollingUpdate: {maxSurge: 0, maxUnavailable: 1}"]),
        ],
      };
    }
  },
);

/** Regions of a cloud have three as a rule. */
const mostZones = 3;
