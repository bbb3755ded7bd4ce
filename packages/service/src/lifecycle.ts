import type { Server } from "node:http";
import { trackConnections, type ConnectionSet } from "./connection-set.ts";
import { exitProcess, logToStdout, type LogEntry, type SignalSource } from "./process-edge.ts";

/** Where a service is in its life. */
export type LifecyclePhase = "starting" | "serving" | "draining" | "closing" | "stopped";

/** How a service starts, and how it goes. Every time is in milliseconds. */
export interface LifecycleOptions {
  /**
   * How long the service goes on listening and serving after SIGTERM, answering with `Connection: close`.
   * It must be longer than endpoints take to be removed and than clients leave a connection idle. Default 5,000.
   */
  readonly drainMs?: number;
  /** After the window, no new connection for this long means that nobody is sent here any more. Default 500. */
  readonly quietMs?: number;
  /** The longest that SIGTERM to exit may take. Stay below terminationGracePeriodSeconds less preStop. Default 20,000. */
  readonly graceMs?: number;
  /** What /readyz says during the drain. `fail` also tells load balancers that ask the pod themselves. Default `fail`. */
  readonly readinessOnDrain?: "fail" | "keep";
  /** How long an idle connection is kept: longer than any proxy in front keeps it, or the proxy meets a reset. Default 75,000. */
  readonly keepAliveMs?: number;
  readonly log?: (entry: LogEntry) => void;
  /** For tests: where signals come from, the clock and the way out. */
  readonly signals?: SignalSource;
  readonly now?: () => number;
  readonly exit?: (code: number) => void;
}

/** A service's life, from the first line of main to exit. */
export interface Lifecycle extends AsyncDisposable {
  readonly phase: LifecyclePhase;
  /** What a readiness probe should hear. */
  readonly isReady: boolean;
  /** Follows a server's connections and drains it at the end. Call it before the server listens. */
  attach(server: Server): void;
  /** Says that the service can take requests, or for a while cannot. */
  setReady(ready: boolean): void;
  /** Runs before exit, once no request is left, last added first: close the database here. */
  onClose(hook: () => void | Promise<void>): void;
  /** Drains and closes as SIGTERM does, without exit. The second call joins the first. */
  shutdown(reason: string): Promise<ShutdownResult>;
}

/** How a shutdown went. */
export interface ShutdownResult {
  /** Requests that were still unanswered when the time was over. */
  readonly cutRequests: number;
  /** Hooks that failed or did not end in time. */
  readonly failedHooks: number;
  readonly tookMs: number;
}

const pollMs = 25;

/**
 * Makes the life cycle and takes SIGTERM and SIGINT from here on. As PID 1 of a container a process has no
 * default action for them, so call this first in main.
 */
export function createLifecycle(options: LifecycleOptions = {}): Lifecycle {
  const { drainMs = 5_000, quietMs = 500, graceMs = 20_000, keepAliveMs = 75_000 } = options;
  const { readinessOnDrain = "fail", now = () => performance.now() } = options;
  const { log = logToStdout, signals = process, exit = exitProcess } = options;
  const servers: { server: Server; connections: ConnectionSet }[] = [];
  const hooks: (() => void | Promise<void>)[] = [];
  let phase: LifecyclePhase = "starting";
  let ready = false;
  let ending: Promise<ShutdownResult> | undefined;

  const onSigterm = (): void => void endProcess("SIGTERM");
  // A person who presses Ctrl-C twice means it. SIGTERM comes twice from hooks such as `killall` in a loop: once is enough.
  const onSigint = (): void => void (ending === undefined ? endProcess("SIGINT") : exit(130));
  signals.on("SIGTERM", onSigterm);
  signals.on("SIGINT", onSigint);
  if (drainMs + quietMs >= graceMs) {
    log({ level: "warn", msg: "graceMs leaves no time after the drain window", drainMs, quietMs, graceMs });
  }

  async function endProcess(signal: string): Promise<void> {
    if (ending !== undefined) return;
    const { cutRequests, failedHooks } = await lifecycle.shutdown(signal);
    exit(cutRequests === 0 && failedHooks === 0 ? 0 : 1);
  }

  async function end(reason: string): Promise<ShutdownResult> {
    const start = now();
    const deadline = start + graceMs;
    log({ level: "info", msg: "draining", reason, drainMs, graceMs });
    phase = "draining";
    for (const { connections } of servers) connections.sendClose();
    await drained(start, deadline);
    phase = "closing";
    for (const { connections } of servers) connections.stopListening();
    await sleep(pollMs); // What the kernel has received already becomes a request now.
    for (const { connections } of servers) connections.endIdle();
    await within(deadline - now(), allEmpty());
    const cutRequests = servers.reduce((sum, { connections }) => sum + connections.destroyAll(), 0);
    const failedHooks = await runHooks(deadline);
    phase = "stopped";
    const result = { cutRequests, failedHooks, tookMs: Math.round(now() - start) };
    log({ level: cutRequests + failedHooks > 0 ? "error" : "info", msg: "stopped", reason, ...result });
    return result;
  }

  /** Ends once the window is over and it has been quiet, and leaves requests time to end; at once when nothing listens. */
  async function drained(start: number, deadline: number): Promise<void> {
    const latest = Math.min(deadline, Math.max(start + drainMs, (start + deadline) / 2));
    while (servers.some(({ server, connections }) => server.listening || connections.size > 0)) {
      const last = Math.max(...servers.map(({ connections }) => connections.lastAcceptedAt));
      const until = Math.min(latest, Math.max(start + drainMs, last + quietMs));
      if (now() >= until) return;
      await sleep(Math.min(until - now(), Math.max(pollMs, quietMs)));
    }
  }

  async function allEmpty(): Promise<void> {
    await Promise.all(
      servers.map(({ connections }) => new Promise<void>((resolve) => connections.onceEmpty(resolve))),
    );
  }

  /** Each hook has the time that is left, and at least a moment, so that one slow hook does not take the others' turn. */
  async function runHooks(deadline: number): Promise<number> {
    let failed = 0;
    for (const hook of hooks.toReversed()) {
      const limitMs = Math.max(deadline - now(), pollMs);
      try {
        const ended = await within(limitMs, Promise.resolve(hook()));
        if (!ended) throw new Error(`a close hook did not end within ${Math.round(limitMs)} ms`);
      } catch (error) {
        failed += 1;
        log({ level: "error", msg: "close hook failed", error: String(error) });
      }
    }
    return failed;
  }

  const lifecycle: Lifecycle = {
    get phase() {
      return phase;
    },
    get isReady() {
      return ready && (phase === "serving" || (phase === "draining" && readinessOnDrain === "keep"));
    },
    attach(server) {
      server.keepAliveTimeout = keepAliveMs;
      servers.push({ server, connections: trackConnections(server, now) });
    },
    setReady(value) {
      ready = value;
      if (phase === "starting" && value) phase = "serving";
    },
    onClose(hook) {
      hooks.push(hook);
    },
    shutdown(reason) {
      ending ??= end(reason);
      return ending;
    },
    async [Symbol.asyncDispose]() {
      signals.off("SIGTERM", onSigterm);
      signals.off("SIGINT", onSigint);
      await lifecycle.shutdown("disposed");
    },
  };
  return lifecycle;
}

function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, Math.max(ms, 0)));
}

/** True when the promise ends in time. The timer goes with it, so that nothing holds the process. */
async function within(ms: number, promise: Promise<unknown>): Promise<boolean> {
  const { promise: outOfTime, resolve } = Promise.withResolvers<boolean>();
  const timer = setTimeout(() => resolve(false), Math.max(ms, 0));
  try {
    return await Promise.race([promise.then(() => true), outOfTime]);
  } finally {
    clearTimeout(timer);
  }
}
