import { createRequire } from "node:module";
import type { Logger, pino as Pino } from "pino";
import { createLineLog, levelNumbers } from "./line-log.ts";
import { type LogDestination, openStdout } from "./log-destination.ts";
import type { Log } from "./log.ts";

/** The levels of a log, from the least to the most important. `silent` logs nothing. */
export const logLevels = ["trace", "debug", "info", "warn", "error", "fatal", "silent"] as const;
export type LogLevel = (typeof logLevels)[number];

/** How the log is written. */
export interface LoggerOptions {
  readonly level: LogLevel;
  /** Paths in logged objects whose values are masked: https://github.com/pinojs/pino/blob/main/docs/redaction.md */
  readonly redact?: readonly string[];
  readonly destination?: LogDestination | undefined;
}

/** A log whose level changes at run time. */
export interface ServiceLogger {
  /** For the application: pino, loaded when it is first asked for. Its children follow the level. */
  readonly logger: Logger;
  /** For the library. */
  readonly lines: Log;
  readonly destination: LogDestination;
  level: LogLevel;
  isEnabled(level: number): boolean;
  /** Switches the level to `debug` or back, as SIGUSR2 does. */
  toggleDebug(): void;
  /** How many lines were dropped because the log's reader stood still. */
  droppedLines(): number;
  /** Resolves when all lines have been written. */
  flush(): Promise<void>;
  /** Writes all lines before it returns. */
  flushSync(): void;
}

/** The most children that are told of a change of the level. Those that are garbage do not count. */
const mostChildren = 1_000;

/** Makes the log: JSON lines as pino writes them, on stdout. */
export function createLogger(options: LoggerOptions): ServiceLogger {
  let dropped = 0;
  let level = options.level;
  let configured = options.level;
  let least: number = levelNumbers[level];
  let logger: Logger | undefined;
  const destination = options.destination ?? openStdout((lines) => (dropped += lines));
  const children = new Set<WeakRef<Logger>>();
  const isEnabled = (number: number): boolean => number >= least;

  function loadPino(): Logger {
    const { pino } = createRequire(import.meta.url)("pino") as { pino: typeof Pino };
    const redact = options.redact === undefined ? {} : { redact: [...options.redact] };
    // A child copies its parent's level when it is made, so the child must be told of each change.
    const onChild = (child: Logger): void => {
      if (children.size >= mostChildren) forgetCollected(children);
      if (children.size < mostChildren) children.add(new WeakRef(child));
    };
    return pino({ level, onChild, ...redact }, destination);
  }
  function apply(next: LogLevel): void {
    level = next;
    least = levelNumbers[next];
    if (logger !== undefined) logger.level = next;
    for (const reference of children) {
      const child = reference.deref();
      if (child === undefined) children.delete(reference);
      else child.level = next;
    }
  }

  return {
    get logger() {
      logger ??= loadPino();
      return logger;
    },
    lines: createLineLog(destination, isEnabled),
    destination,
    get level() {
      return level;
    },
    set level(next) {
      configured = next;
      apply(next);
    },
    isEnabled,
    toggleDebug() {
      apply(level === "debug" ? configured : "debug");
    },
    droppedLines: () => dropped,
    flush: () =>
      new Promise((resolve) => {
        if (destination.flush === undefined) resolve();
        else destination.flush(() => resolve());
      }),
    flushSync() {
      try {
        destination.flushSync();
      } catch {
        // Nobody reads the log any more.
      }
    },
  };
}

function forgetCollected(children: Set<WeakRef<Logger>>): void {
  for (const reference of children) if (reference.deref() === undefined) children.delete(reference);
}
