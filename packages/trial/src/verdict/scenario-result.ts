import type { SeaworthyError } from "@seaworthy/errors";
import { countText } from "@seaworthy/load";
import type { AutoscalingResult } from "../autoscaling/scaling.ts";
import { attribute, type Attribution, type AttributionContext } from "../causes/attribute.ts";
import { isDoubtful, isSureLoss, isUnavoidable } from "../causes/unavoidable.ts";
import { othersShareIn } from "../machine/crowded-spans.ts";
import { lostText } from "./lost-text.ts";
import { hasCutStreams, lostStreams, streamsSentence, streamsVerdict } from "./streams-verdict.ts";
import type { TrialLoad } from "./verdict.ts";

/** What one scenario did. */
export interface ScenarioResult {
  readonly name: string;
  /**
   * `held`: nothing was lost that could be saved. `invalid`: it came to no end, the load was late and no stream was cut, or all
   * that was lost other programs on the machine may be the cause of.
   */
  readonly verdict: "held" | "leaking" | "invalid";
  /** Why it did not hold. */
  readonly why?: string;
  readonly rounds: number;
  readonly startedAt: string;
  readonly endedAt: string;
  readonly requests: { readonly scheduled: number; readonly ok: number; readonly failed: number };
  /** Of the failed requests, those that went with a pod or an edge which the trial ended: no field saves them. */
  readonly unavoidable: number;
  /** From such an end to the last request that was lost by it, at most; null where nothing was killed or lost. */
  readonly recoveryMs: number | null;
  readonly terminations: number;
  /** How autoscalers took a ramp of load, where one was tried. */
  readonly autoscaling?: readonly AutoscalingResult[];
  /** What it saw beside the requests, for people. */
  readonly notes?: readonly string[];
  /** Why it did not come to its end, when it did not. */
  readonly problem?: string;
}

/** Says what one scenario is worth, from its load and from why requests were lost. */
export function judgeScenario(
  report: TrialLoad,
  context: AttributionContext,
  problem: SeaworthyError | undefined,
): Pick<ScenarioResult, "verdict" | "why" | "unavoidable" | "recoveryMs"> {
  const attributed = report.failures.map((outcome) => attribute(outcome, context));
  const apart = attributed.filter(({ cause }) => isUnavoidable(cause));
  const recoveries = apart.map((each) => each.at - begunAt(each, context));
  const unavoidable = apart.length;
  const recoveryMs = recoveries.length === 0 ? null : Math.round(Math.max(0, ...recoveries));
  const doubtful = attributed.filter(({ cause }) => isDoubtful(cause)).length;
  const lost = attributed.filter(({ cause }) => isSureLoss(cause)).length;
  const numbers = { unavoidable, recoveryMs };
  const streams = streamsVerdict(report, context, []);
  if (!report.generator.valid && !hasCutStreams(streams))
    return { verdict: "invalid", ...because(report.generator.why), ...numbers };
  // What was counted late is no loss that anybody can be sure of.
  if (lost > 0 && report.generator.valid)
    return { verdict: "leaking", why: whyLost(lost, attributed, report.scheduled), ...numbers };
  if (streams !== undefined && lostStreams(streams) > 0)
    return { verdict: "leaking", why: streamsSentence(streams), ...numbers };
  if (doubtful > 0) return { verdict: "invalid", why: whyDoubtful(doubtful, report, context), ...numbers };
  if (problem !== undefined) return { verdict: "invalid", why: problem.message, ...numbers };
  return { verdict: "held", ...numbers };
}

/** When the trial began what the request was lost by. */
function begunAt({ at, pod, cause }: Attribution, { harms, edgeRestarts = [] }: AttributionContext): number {
  if (cause === "edge-restarted") return edgeRestarts.findLast(({ from }) => from <= at)?.from ?? at;
  return harms?.get(pod?.uid ?? "")?.from ?? at;
}

function whyLost(lost: number, attributed: readonly Attribution[], scheduled: number): string {
  const bad = attributed.filter(({ cause }) => cause === "bad-version").length;
  if (bad === 0) return lostText(lost, scheduled);
  return lost === bad
    ? `pods of the bad version got ${countText(bad)} of ${countText(scheduled)} requests`
    : `${lostText(lost, scheduled)}, ${countText(bad)} of them at pods of the bad version`;
}

function whyDoubtful(
  doubtful: number,
  { failures, scheduled }: TrialLoad,
  context: AttributionContext,
): string {
  const shares = failures.map((outcome) => othersShareIn(context.crowded ?? [], outcome) ?? 0);
  const percent = Math.round(100 * Math.max(...shares));
  return `${lostText(doubtful, scheduled)} while other programs had up to ${percent} % of this machine's processors, which can be why`;
}

function because(why: string | undefined): { readonly why?: string } {
  return why === undefined ? {} : { why };
}
