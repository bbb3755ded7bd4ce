import type { Rule } from "../../rule.ts";
import { execProbeCost } from "./exec-probe-cost/exec-probe-cost.ts";
import { livenessAsksOthers } from "./liveness-asks-others/liveness-asks-others.ts";
import { livenessBeforeStart } from "./liveness-before-start/liveness-before-start.ts";
import { livenessLikeReadiness } from "./liveness-like-readiness/liveness-like-readiness.ts";
import { livenessMissing } from "./liveness-missing/liveness-missing.ts";
import { livenessTight } from "./liveness-tight/liveness-tight.ts";
import { probePort } from "./probe-port/probe-port.ts";
import { probePortName } from "./probe-port-name/probe-port-name.ts";
import { probeTimeout } from "./probe-timeout/probe-timeout.ts";
import { readinessDelay } from "./readiness-delay/readiness-delay.ts";
import { readinessMissing } from "./readiness-missing/readiness-missing.ts";
import { sameProbe } from "./same-probe/same-probe.ts";
import { startupBudget } from "./startup-budget/startup-budget.ts";
import { startupMissing } from "./startup-missing/startup-missing.ts";

/** Rules about how Kubernetes asks a container how it is. */
export const probesRules: readonly Rule[] = [
  readinessMissing,
  livenessLikeReadiness,
  sameProbe,
  livenessAsksOthers,
  livenessBeforeStart,
  startupMissing,
  startupBudget,
  livenessTight,
  probeTimeout,
  readinessDelay,
  probePortName,
  probePort,
  execProbeCost,
  livenessMissing,
];
