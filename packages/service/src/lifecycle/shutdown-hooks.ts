import { within } from "./within.ts";

/** A task of the application before exit, once no request is left, such as to close the database or give back a lease. */
export interface ShutdownHook {
  readonly name: string;
  readonly run: () => void | Promise<void>;
  /** The longest that it may take. Undefined: the time that the budget leaves. */
  readonly timeoutMs: number | undefined;
}

/** How a hook went. */
export interface HookResult {
  readonly name: string;
  readonly outcome: "done" | "failed" | "timed out";
  readonly tookMs: number;
  readonly error?: string;
}

/** The least time of each hook, so that one slow hook does not take the turn of those after it. */
const leastMs = 50;

/** Runs hooks last added first, one after the other, as `defer` does: what was opened last is closed first. */
export async function runHooks(
  hooks: readonly ShutdownHook[],
  deadlineMs: number,
  now: () => number,
): Promise<HookResult[]> {
  const results: HookResult[] = [];
  for (const { name, run, timeoutMs = Infinity } of hooks.toReversed()) {
    const startMs = now();
    const limitMs = Math.max(Math.min(timeoutMs, deadlineMs - startMs), leastMs);
    let outcome: HookResult["outcome"] = "done";
    let error: string | undefined;
    try {
      if (!(await within(limitMs, Promise.resolve(run())))) outcome = "timed out";
    } catch (thrown) {
      outcome = "failed";
      error = thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown);
    }
    const tookMs = Math.round(now() - startMs);
    results.push({ name, outcome, tookMs, ...(error === undefined ? {} : { error }) });
  }
  return results;
}
