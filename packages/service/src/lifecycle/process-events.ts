import { fs } from "../node-fs.ts";

/** The signals that end a service. A process that is PID 1 has no default action for any of them. */
const endingSignals = ["SIGTERM", "SIGINT", "SIGQUIT", "SIGHUP"] as const;

/** What is needed of `process`. */
export interface ProcessEvents {
  on(event: string, listener: (...args: any[]) => void): unknown;
  off(event: string, listener: (...args: any[]) => void): unknown;
}

/** What happens to a process from outside, and from within. */
export interface ProcessListeners {
  /** The first signal. */
  end(signal: string): void;
  /** A further one: someone does not want to wait. */
  endNow(signal: string): void;
  /** An exception that nobody caught, or a rejection: the state is not to be trusted any more. */
  crash(error: unknown, origin: string): void;
  /** A second one. */
  crashNow(error: unknown): void;
  toggleLogLevel(): void;
}

/** Listens to the process until disposed of. */
export function listenToProcess(process: ProcessEvents, listeners: ProcessListeners): Disposable {
  let signalled = false;
  let crashed = false;
  const onSignal = (signal: string): void => {
    if (signalled) listeners.endNow(signal);
    else listeners.end(signal);
    signalled = true;
  };
  const onCrash = (error: unknown, origin: string): void => {
    if (crashed) listeners.crashNow(error);
    else listeners.crash(error, origin);
    crashed = true;
  };
  const onToggle = (): void => listeners.toggleLogLevel();
  for (const signal of endingSignals) process.on(signal, onSignal);
  // Node raises an unhandled rejection as an uncaught exception, with its origin: one listener hears both.
  process.on("uncaughtException", onCrash);
  process.on("SIGUSR2", onToggle);
  return {
    [Symbol.dispose]() {
      for (const signal of endingSignals) process.off(signal, onSignal);
      process.off("uncaughtException", onCrash);
      process.off("SIGUSR2", onToggle);
    },
  };
}

/** Tells of a crash at once, past all buffers: https://nodejs.org/api/process.html#event-uncaughtexception */
export function writeCrash(error: unknown, origin: string): void {
  const stack = error instanceof Error ? (error.stack ?? error.message) : String(error);
  try {
    fs.writeSync(2, `${JSON.stringify({ level: 60, time: Date.now(), msg: "crash", origin, stack })}\n`);
  } catch {
    // Nobody reads stderr; the exit code still tells.
  }
}
