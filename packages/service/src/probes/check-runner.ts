import type { Check, CheckResult } from "./checks.ts";

/** After a failure a check runs again sooner than after a success, so that its recovery shows soon. */
const failureCacheMs = 250;

/**
 * Runs one check, at most once at a time and not more often than its cache allows. Callers in between get the same
 * result. A run that does not end in time has failed, and the next one starts only after it has ended.
 */
export function createCheckRunner(
  check: Check,
  now: () => number,
  onResult: (result: CheckResult) => void,
): () => CheckResult | Promise<CheckResult> {
  const { name, timeoutMs = 1_000, cacheMs = 1_000 } = check;
  let last: CheckResult | undefined;
  let staleAtMs = -Infinity;
  let running: Promise<CheckResult> | undefined;

  function finish(startMs: number, failure?: { readonly error: unknown }): CheckResult {
    const endMs = now();
    const error = failure === undefined ? undefined : messageOf(failure.error);
    last = { name, ok: failure === undefined, durationMs: endMs - startMs, error };
    staleAtMs = endMs + (last.ok ? cacheMs : Math.min(cacheMs, failureCacheMs));
    onResult(last);
    return last;
  }

  function run(): CheckResult | Promise<CheckResult> {
    const startMs = now();
    const aborter = new AbortController();
    let outcome: void | Promise<void>;
    try {
      outcome = check.check(aborter.signal);
    } catch (error) {
      return finish(startMs, { error });
    }
    if (outcome === undefined) return finish(startMs);

    const { promise, resolve } = Promise.withResolvers<CheckResult>();
    let late = false;
    const timer = setTimeout(() => {
      late = true;
      const error = new Error(`it did not end within ${timeoutMs} ms`);
      resolve(finish(startMs, { error }));
      aborter.abort(error);
    }, timeoutMs);
    function settle(failure?: { readonly error: unknown }): void {
      clearTimeout(timer);
      running = undefined;
      if (!late) resolve(finish(startMs, failure));
    }
    outcome.then(
      () => settle(),
      (error: unknown) => settle({ error }),
    );
    running = promise;
    return promise;
  }

  return () => running ?? (last !== undefined && now() < staleAtMs ? last : run());
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
