import { SeaworthyError } from "@seaworthy/errors";
import type { Log } from "../log/log.ts";
import type { Budget } from "./budget.ts";
import type { ConnectionSet } from "./connection-set.ts";
import { drain, type DrainClock } from "./drain.ts";
import { runHooks, type ShutdownHook } from "./shutdown-hooks.ts";
import { reportShutdown, type ShutdownReport } from "./shutdown-report.ts";
import { within } from "./within.ts";

/** Where a service is in its life. */
export type LifecyclePhase = "starting" | "ready" | "draining" | "stopped";

/** What a life cycle needs. */
export interface LifecycleParts extends DrainClock {
  readonly budget: Budget;
  /** How long, after `drainMs`, no traffic must come until it counts as stopped. */
  readonly quietMs: number;
  /** The answer of readiness while the service drains. */
  readonly readinessOnShutdown: "fail" | "keep";
  readonly log: Log;
  readonly activeResources: () => readonly string[];
  /** Called once, when the service first is ready. */
  readonly onReady: () => void;
  /** A start-up task failed: the service cannot go on. */
  readonly onStartupFailure: (error: SeaworthyError) => void;
}

/** A service's life: it gates readiness, and drains when it is told to. It leaves signals and the exit to its caller. */
export interface Lifecycle {
  readonly phase: LifecyclePhase;
  /** Whether a readiness probe should pass. */
  readonly isReady: boolean;
  /** Whether all start-up tasks have ended and all servers listen. */
  readonly isStarted: boolean;
  /** Aborted when the shutdown begins. */
  readonly signal: AbortSignal;
  attach(connections: ConnectionSet): void;
  startup(name: string, task: (signal: AbortSignal) => void | Promise<void>, timeoutMs: number): void;
  /** Makes the service not ready for a while, or ready again, as the application wishes. */
  setReady(ready: boolean): void;
  onShutdown(hook: ShutdownHook): void;
  /** Adds a flush of spans, metrics or logs. Flushes run after all hooks, in the order in which they were added. */
  onFlush(flush: () => void | Promise<void>): void;
  countRequest(): void;
  /** The second call joins the first. `graceMs` shortens the time, for a process whose state is not to be trusted. */
  shutdown(reason: string, crash?: { readonly graceMs: number }): Promise<ShutdownReport>;
}

/** Makes a life cycle in the phase `starting`. */
export function createLifecycle(parts: LifecycleParts): Lifecycle {
  const { budget, log, now, quietMs } = parts;
  const sets: ConnectionSet[] = [];
  const hooks: ShutdownHook[] = [];
  const flushes: (() => void | Promise<void>)[] = [];
  const pending = new Set<string>();
  const aborter = new AbortController();
  let phase: LifecyclePhase = "starting";
  let wanted = true;
  let servedWhileDraining = 0;
  let ending: Promise<ShutdownReport> | undefined;

  function isStarted(): boolean {
    return sets.length > 0 && pending.size === 0 && sets.every(({ server }) => server.listening);
  }
  function becomeReady(): void {
    if (phase !== "starting" || !isStarted()) return;
    phase = "ready";
    parts.onReady();
  }

  async function run(name: string, task: (signal: AbortSignal) => void | Promise<void>, timeoutMs: number) {
    pending.add(name);
    try {
      const inTime = await within(timeoutMs, Promise.resolve(task(aborter.signal)));
      if (!inTime) throw new Error(`it did not end within ${timeoutMs} ms`);
      pending.delete(name);
      becomeReady();
    } catch (error) {
      if (aborter.signal.aborted) return; // The task was told to stop, and stopped.
      const why = error instanceof Error ? error.message : String(error);
      const next = ["mend what the task needs; Kubernetes starts the container again"];
      parts.onStartupFailure(
        new SeaworthyError("SW8007", `start-up task ${name} failed: ${why}`, { why, next, cause: error }),
      );
    }
  }

  async function end(
    reason: string,
    crash: { readonly graceMs: number } | undefined,
  ): Promise<ShutdownReport> {
    const startMs = now();
    // Before the service was ready no traffic was sent to it, so there is none to wait for.
    const wasReady = phase === "ready";
    const time = shorten(budget, crash?.graceMs, wasReady);
    phase = "draining";
    aborter.abort(new Error(reason));
    const { drainMs, drainMaxMs, requestsUntilMs, graceMs } = time;
    log.info({ reason, drainMs, drainMaxMs, requestsUntilMs, graceMs }, "draining");
    const drained = await drain(sets, time, wasReady ? quietMs : 0, parts);
    const cutAtMs = now();
    const hookResults = await runHooks(hooks, startMs + graceMs - time.flushMs, now);
    phase = "stopped";
    const report = reportShutdown({
      reason,
      tookMs: Math.round(now() - startMs),
      servedWhileDraining,
      hooks: hookResults,
      drained,
      nowMs: cutAtMs,
      crashed: crash !== undefined,
      activeResources: parts.activeResources(),
    });
    if (report.exitCode === 0) log.info(report, "stopped");
    else log.error(report, "stopped");
    await flush(startMs + graceMs);
    return report;
  }

  /** Flushes one after the other, because a later flush, such as the log's, may still tell of an earlier one. */
  async function flush(deadlineMs: number): Promise<void> {
    for (const one of flushes) {
      try {
        const inTime = await within(Math.max(deadlineMs - now(), leastFlushMs), Promise.resolve(one()));
        if (!inTime) log.error({}, "a flush did not end in time");
      } catch (error) {
        log.error({ err: error }, "a flush failed");
      }
    }
  }

  return {
    get phase() {
      return phase;
    },
    get isReady() {
      const serving = phase === "ready" || (phase === "draining" && parts.readinessOnShutdown === "keep");
      return wanted && serving && pending.size === 0;
    },
    get isStarted() {
      return phase !== "starting";
    },
    signal: aborter.signal,
    attach(connections) {
      sets.push(connections);
      if (connections.server.listening) becomeReady();
      else connections.server.once("listening", becomeReady);
    },
    startup(name, task, timeoutMs) {
      void run(name, task, timeoutMs);
    },
    setReady(ready) {
      wanted = ready;
    },
    onShutdown(hook) {
      hooks.push(hook);
    },
    onFlush(flush) {
      flushes.push(flush);
    },
    countRequest() {
      if (phase === "draining") servedWhileDraining += 1;
    },
    shutdown(reason, crash) {
      ending ??= end(reason, crash);
      return ending;
    },
  };
}

const leastFlushMs = 50;

function shorten(budget: Budget, graceMs: number | undefined, wasReady: boolean): Budget {
  const lessMs = graceMs === undefined ? 0 : Math.max(budget.graceMs - graceMs, 0);
  const requestsUntilMs = Math.max(budget.requestsUntilMs - lessMs, 0);
  return {
    ...budget,
    graceMs: budget.graceMs - lessMs,
    requestsUntilMs,
    drainMs: wasReady ? Math.min(budget.drainMs, requestsUntilMs) : 0,
    drainMaxMs: wasReady ? Math.min(budget.drainMaxMs, requestsUntilMs) : 0,
  };
}
