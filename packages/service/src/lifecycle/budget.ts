/** How the time from SIGTERM to exit is shared out, in milliseconds. */
export interface BudgetOptions {
  /** The pod's grace period, where known. It bounds all other times, because SIGKILL comes at its end. */
  readonly terminationGracePeriodSeconds: number | undefined;
  /** How long the container's preStop takes; it runs before SIGTERM and counts inside the grace period. */
  readonly preStopMs: number;
  /** The time from SIGTERM to exit. Undefined: what the grace period leaves, or 20 s. */
  readonly graceMs: number | undefined;
  /** The least and the most that requests are still accepted after SIGTERM. */
  readonly drainMs: number;
  readonly drainMaxMs: number;
  /** Kept free at the end for hooks, and then for flushing spans, metrics and logs. */
  readonly hooksMs: number;
  readonly flushMs: number;
}

/** The times worked out, counted from SIGTERM. */
export interface Budget {
  readonly graceMs: number;
  readonly drainMs: number;
  readonly drainMaxMs: number;
  /** When requests that are not answered yet are cut. */
  readonly requestsUntilMs: number;
  readonly hooksMs: number;
  readonly flushMs: number;
  /** The times that do not fit, with the arithmetic. */
  readonly warnings: readonly string[];
}

/** The kubelet, the container runtime and Node's own exit need a moment; research puts it at two seconds. */
const marginMs = 2_000;
const defaultGraceMs = 20_000;

/** Shares out the time and says what does not fit: https://kubernetes.io/docs/concepts/workloads/pods/pod-lifecycle/#pod-termination */
export function planBudget(options: BudgetOptions): Budget {
  const { terminationGracePeriodSeconds, preStopMs, hooksMs, flushMs } = options;
  const givenMs =
    terminationGracePeriodSeconds === undefined ? undefined : terminationGracePeriodSeconds * 1_000;
  const leftMs = givenMs === undefined ? undefined : Math.max(givenMs - preStopMs - marginMs, 0);
  const graceMs = options.graceMs ?? leftMs ?? defaultGraceMs;
  const requestsUntilMs = Math.max(graceMs - hooksMs - flushMs, 0);
  const drainMs = Math.min(options.drainMs, requestsUntilMs);
  const drainMaxMs = Math.min(Math.max(options.drainMaxMs, drainMs), requestsUntilMs);
  const warnings: string[] = [];
  if (givenMs !== undefined && leftMs !== undefined && graceMs > leftMs) {
    const needMs = preStopMs + graceMs + marginMs;
    warnings.push(
      `preStop ${seconds(preStopMs)} + shutdown ${seconds(graceMs)} + margin ${seconds(marginMs)} = ${seconds(needMs)}, but ` +
        `terminationGracePeriodSeconds is ${terminationGracePeriodSeconds}: SIGKILL may come ${seconds(needMs - givenMs)} early`,
    );
  }
  if (options.drainMs >= requestsUntilMs) {
    warnings.push(
      `drain ${seconds(options.drainMs)} + hooks ${seconds(hooksMs)} + flush ${seconds(flushMs)} leave nothing of the ` +
        `${seconds(graceMs)} from SIGTERM to exit for the requests under way`,
    );
  }
  return { graceMs, drainMs, drainMaxMs, requestsUntilMs, hooksMs, flushMs, warnings };
}

function seconds(ms: number): string {
  return `${ms / 1_000} s`;
}
