import type { Log } from "../log/log.ts";
import type { MetricsRegistry } from "../metrics/metrics-registry.ts";
import { createCheckRunner } from "./check-runner.ts";

/** Which probe a check belongs to. */
export type CheckKind = "liveness" | "readiness";

/** A check of something that must work. */
export interface Check {
  /** Letters, digits, and `. _ / -`. */
  readonly name: string;
  /**
   * `readiness`: the service is of no use while the check fails, as without its database. `liveness`: only a restart mends
   * it. Never use `liveness` for a dependency, because all pods would be restarted together when the dependency is away.
   */
  readonly kind: CheckKind;
  /** Throws or rejects on a failure. The signal is aborted when the time is over. */
  check(signal: AbortSignal): void | Promise<void>;
  /** The longest that a run may take. Default 1,000, which is also how long the kubelet waits for a probe. */
  readonly timeoutMs?: number;
  /** How long a success is kept until the check runs again. A failure is kept for at most 250 ms. Default 1,000. */
  readonly cacheMs?: number;
}

/** How a check went. */
export interface CheckResult {
  readonly name: string;
  readonly ok: boolean;
  readonly durationMs: number;
  /** The reason of a failure, for the log only: it may name hosts, users and worse. */
  readonly error: string | undefined;
}

/** The checks of a service. */
export interface Checks {
  /** Adds a check. A name that is not allowed, or that is taken, is a `TypeError`. */
  add(check: Check): void;
  /** The results of a kind's checks, in the order in which they were added. Gives no promise when all are known already. */
  run(
    kind: CheckKind,
    excluded?: ReadonlySet<string>,
  ): readonly CheckResult[] | Promise<readonly CheckResult[]>;
}

/** What checks need. */
export interface ChecksParts {
  readonly log: Log;
  readonly registry: Pick<MetricsRegistry, "gauge">;
  readonly now?: () => number;
}

/** Makes an empty set of checks. A check's failure and its recovery are logged once each. */
export function createChecks({ log, registry, now = () => performance.now() }: ChecksParts): Checks {
  const runners = { liveness: new Map<string, Runner>(), readiness: new Map<string, Runner>() };
  const labelNames = ["check", "kind"];
  const passing = registry.gauge(
    "health_check_passing",
    "1 when a check passed last, 0 when it failed.",
    labelNames,
  );
  const duration = registry.gauge("health_check_duration_seconds", "How long a check took last.", labelNames);

  function listenTo(kind: CheckKind): (result: CheckResult) => void {
    let wasOk = true;
    return ({ name, ok, durationMs, error }) => {
      passing.set(ok ? 1 : 0, [name, kind]);
      duration.set(durationMs / 1_000, [name, kind]);
      if (ok === wasOk) return;
      wasOk = ok;
      if (ok) log.info({ check: name, kind, durationMs }, "health check passes again");
      else log.warn({ check: name, kind, durationMs, error }, "health check failed");
    };
  }

  return {
    add(check) {
      const { name, kind } = check;
      if (!isCheckName(name)) throw new TypeError(`${JSON.stringify(name)} is not a name for a check`);
      if (name === lifecycleCheck || runners[kind].has(name))
        throw new TypeError(`check ${name} is there already`);
      runners[kind].set(name, createCheckRunner(check, now, listenTo(kind)));
    },
    run(kind, excluded) {
      const known: CheckResult[] = [];
      const results: (CheckResult | Promise<CheckResult>)[] = [];
      for (const [name, run] of runners[kind]) {
        if (excluded?.has(name) === true) continue;
        const result = run();
        if (!(result instanceof Promise)) known.push(result);
        results.push(result);
      }
      if (known.length === results.length) return known;
      return Promise.all(results.map((result) => Promise.resolve(result)));
    },
  };
}

/** Whether a check can have this name. */
export function isCheckName(name: string): boolean {
  return /^[\w./-]+$/.test(name);
}

/** The name under which probes show the life cycle's own state. */
export const lifecycleCheck = "lifecycle";

type Runner = () => CheckResult | Promise<CheckResult>;
