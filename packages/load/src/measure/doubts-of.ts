import type { LoadPlan } from "../plan/plan.ts";

/** The facts about the generator that can make a run prove nothing. */
export interface GeneratorFacts {
  readonly scheduled: number;
  readonly lagP99Ms: number;
  /** The longest time that a load process did nothing. */
  readonly pauseMs: number;
  readonly dialLagMaxMs: number;
  readonly unsent: ReadonlyMap<string, number>;
  /** Failures that were counted and not kept. */
  readonly failuresLeftOut: number;
}

/** Every reason why a run proves nothing; none if it is valid. */
export function doubtsOf(
  plan: Pick<LoadPlan, "maxLagP99Ms" | "connectTimeoutMs" | "responseTimeoutMs">,
  facts: GeneratorFacts,
): string[] {
  const { scheduled, lagP99Ms, pauseMs, dialLagMaxMs, unsent, failuresLeftOut } = facts;
  const { maxLagP99Ms, connectTimeoutMs, responseTimeoutMs } = plan;
  const why: string[] = [];
  if (scheduled === 0) why.push("no request was due");
  if (lagP99Ms > maxLagP99Ms) {
    why.push(
      `requests were sent late: p99 of the send lag was ${lagP99Ms.toFixed(1)} ms, the limit is ${maxLagP99Ms} ms`,
    );
  }
  // A pause of that length can turn an answer that came in time into a timeout.
  const longestPauseMs = Math.min(connectTimeoutMs, responseTimeoutMs) / 2;
  if (pauseMs > longestPauseMs) why.push(`the generator stood still for ${pauseMs.toFixed(0)} ms`);
  if (dialLagMaxMs > connectTimeoutMs / 2)
    why.push(`the process that dials stood still for ${dialLagMaxMs.toFixed(0)} ms`);
  for (const [reason, count] of unsent) why.push(`${count} requests were not sent: ${reason}`);
  if (failuresLeftOut > 0) why.push(`${failuresLeftOut} failures were counted and not kept`);
  return why;
}
