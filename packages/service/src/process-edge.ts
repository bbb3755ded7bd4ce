/** One line of the log. `time` is added when it is written. */
export interface LogEntry {
  readonly level: "info" | "warn" | "error";
  readonly msg: string;
  readonly [field: string]: unknown;
}

/** What the life cycle needs of `process`. */
export interface SignalSource {
  on(signal: "SIGTERM" | "SIGINT", listener: () => void): unknown;
  off(signal: "SIGTERM" | "SIGINT", listener: () => void): unknown;
}

/** Writes an entry to stdout as one line of JSON. */
export function logToStdout(entry: LogEntry): void {
  process.stdout.write(`${JSON.stringify({ time: new Date().toISOString(), ...entry })}\n`);
}

/** Exits once stdout is written. A process that signals itself again instead stays alive as PID 1. */
export function exitProcess(code: number): void {
  // Whatever happens to stdout, the process ends: a reader that has gone away must not keep it.
  const timer = setTimeout(() => process.exit(code), 1_000);
  timer.unref();
  process.stdout.write("", () => process.exit(code));
}
