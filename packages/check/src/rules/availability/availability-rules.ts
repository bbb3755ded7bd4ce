import type { Rule } from "../../rule.ts";
import { barePod } from "./bare-pod/bare-pod.ts";
import { disruptionBudgetBlocks } from "./disruption-budget-blocks/disruption-budget-blocks.ts";
import { disruptionBudgetEmpty } from "./disruption-budget-empty/disruption-budget-empty.ts";
import { disruptionBudgetKeepsBrokenPods } from "./disruption-budget-keeps-broken-pods/disruption-budget-keeps-broken-pods.ts";
import { disruptionBudgetMissing } from "./disruption-budget-missing/disruption-budget-missing.ts";
import { disruptionBudgetSelectsNothing } from "./disruption-budget-selects-nothing/disruption-budget-selects-nothing.ts";
import { disruptionBudgetsOverlap } from "./disruption-budgets-overlap/disruption-budgets-overlap.ts";
import { dnsOptionsUnset } from "./dns-options-unset/dns-options-unset.ts";
import { fewerThanThreeReplicas } from "./fewer-than-three-replicas/fewer-than-three-replicas.ts";
import { nodeAffinityUnset } from "./node-affinity-unset/node-affinity-unset.ts";
import { pinnedToNode } from "./pinned-to-node/pinned-to-node.ts";
import { priorityClassUnset } from "./priority-class-unset/priority-class-unset.ts";
import { replicasZero } from "./replicas-zero/replicas-zero.ts";
import { restartPolicy } from "./restart-policy/restart-policy.ts";
import { singleReplica } from "./single-replica/single-replica.ts";
import { spreadCountsOldPods } from "./spread-counts-old-pods/spread-counts-old-pods.ts";
import { spreadCountsOthers } from "./spread-counts-others/spread-counts-others.ts";
import { spreadMissing } from "./spread-missing/spread-missing.ts";

/** Rules about how many pods there are, where, and who may take them away. */
export const availabilityRules: readonly Rule[] = [
  singleReplica,
  replicasZero,
  barePod,
  restartPolicy,
  disruptionBudgetMissing,
  disruptionBudgetEmpty,
  disruptionBudgetBlocks,
  disruptionBudgetsOverlap,
  disruptionBudgetSelectsNothing,
  disruptionBudgetKeepsBrokenPods,
  spreadCountsOthers,
  spreadMissing,
  spreadCountsOldPods,
  pinnedToNode,
  fewerThanThreeReplicas,
  priorityClassUnset,
  nodeAffinityUnset,
  dnsOptionsUnset,
];
