import { fs } from "../node-fs.ts";

/** The signals that end a service. A process that is PID 1 has no default action for any of them. */
const endingSignals = ["SIGTERM", "SIGINT", "SIGQUIT", "SIGHUP"] as const;

/** The part of `process` that is needed. */
export interface ProcessEvents {
  on(event: string, listener: (...args: any[]) => void): unknown;
  off(event: string, listener: (...args: any[]) => void): unknown;
}

/** Called for the signals and the crashes of a process. */
export interface ProcessListeners {
  /** Called on the first signal. */
  end(signal: string): void;
  /** Called on a further signal: someone does not want to wait. */
  endNow(signal: string): void;
  /** Called on an exception that nobody caught, or a rejection: the process's state can no longer be trusted. */
  crash(error: unknown, origin: string): void;
  /** Called on a second crash. */
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
    // Nobody reads stderr; the exit code still tells of the crash.
  }
}
