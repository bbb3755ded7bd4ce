import type { Rule } from "../../rule.ts";
import { drainShort } from "./drain-short/drain-short.ts";
import { graceBudget } from "./grace-budget/grace-budget.ts";
import { graceTooLong } from "./grace-too-long/grace-too-long.ts";
import { graceTooShort } from "./grace-too-short/grace-too-short.ts";
import { keepAliveOrder } from "./keep-alive-order/keep-alive-order.ts";
import { noDrain } from "./no-drain/no-drain.ts";
import { preStopExecSleep } from "./pre-stop-exec-sleep/pre-stop-exec-sleep.ts";
import { preStopNeedsShell } from "./pre-stop-needs-shell/pre-stop-needs-shell.ts";
import { preStopOutlastsGrace } from "./pre-stop-outlasts-grace/pre-stop-outlasts-grace.ts";
import { preStopStopsApp } from "./pre-stop-stops-app/pre-stop-stops-app.ts";
import { sidecarEndsFirst } from "./sidecar-ends-first/sidecar-ends-first.ts";
import { signalNotPassedOn } from "./signal-not-passed-on/signal-not-passed-on.ts";

/** Rules about how pods end. */
export const shutdownRules: readonly Rule[] = [
  noDrain,
  drainShort,
  preStopOutlastsGrace,
  graceBudget,
  preStopStopsApp,
  preStopNeedsShell,
  preStopExecSleep,
  signalNotPassedOn,
  sidecarEndsFirst,
  graceTooShort,
  graceTooLong,
  keepAliveOrder,
];
