import type { Rule } from "../../rule.ts";
import { autoscalerAndReplicas } from "./autoscaler-and-replicas/autoscaler-and-replicas.ts";
import { autoscalerMinimum } from "./autoscaler-minimum/autoscaler-minimum.ts";
import { autoscalerNeedsRequest } from "./autoscaler-needs-request/autoscaler-needs-request.ts";
import { autoscalerNoRoom } from "./autoscaler-no-room/autoscaler-no-room.ts";
import { autoscalerScalesDownAtOnce } from "./autoscaler-scales-down-at-once/autoscaler-scales-down-at-once.ts";
import { autoscalerTargetUnreachable } from "./autoscaler-target-unreachable/autoscaler-target-unreachable.ts";
import { autoscalersOverlap } from "./autoscalers-overlap/autoscalers-overlap.ts";

/** Rules about autoscalers. */
export const autoscalingRules: readonly Rule[] = [
  autoscalerMinimum,
  autoscalerNoRoom,
  autoscalerAndReplicas,
  autoscalersOverlap,
  autoscalerNeedsRequest,
  autoscalerTargetUnreachable,
  autoscalerScalesDownAtOnce,
];
