import type { Rule } from "../../rule.ts";
import { agentsAllAtOnce } from "./agents-all-at-once/agents-all-at-once.ts";
import { antiAffinityBlocksRollout } from "./anti-affinity-blocks-rollout/anti-affinity-blocks-rollout.ts";
import { claimOfOneNode } from "./claim-of-one-node/claim-of-one-node.ts";
import { hostPortBlocksRollout } from "./host-port-blocks-rollout/host-port-blocks-rollout.ts";
import { minReadySeconds } from "./min-ready-seconds/min-ready-seconds.ts";
import { noRollback } from "./no-rollback/no-rollback.ts";
import { partitionLeft } from "./partition-left/partition-left.ts";
import { progressDeadline } from "./progress-deadline/progress-deadline.ts";
import { recreate } from "./recreate/recreate.ts";
import { rolloutPaused } from "./rollout-paused/rollout-paused.ts";
import { rolloutZero } from "./rollout-zero/rollout-zero.ts";
import { updateOnDelete } from "./update-on-delete/update-on-delete.ts";

/** Rules about how a new version takes the place of an old one. */
export const rolloutsRules: readonly Rule[] = [
  recreate,
  rolloutZero,
  claimOfOneNode,
  antiAffinityBlocksRollout,
  hostPortBlocksRollout,
  progressDeadline,
  rolloutPaused,
  partitionLeft,
  updateOnDelete,
  noRollback,
  minReadySeconds,
  agentsAllAtOnce,
];
