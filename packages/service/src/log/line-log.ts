import { hostname } from "node:os";
import type { LogDestination } from "./log-destination.ts";
import type { Log } from "./log.ts";

/** The numbers that pino writes for its levels. */
export const levelNumbers = {
  trace: 10,
  debug: 20,
  info: 30,
  warn: 40,
  error: 50,
  fatal: 60,
  silent: Infinity,
} as const;

/** The fields that each line begins with after its time, as JSON without the braces. */
export const linePrefix = `"pid":${process.pid},"hostname":${JSON.stringify(hostname())}`;

/**
 * Writes the library's own lines in pino's shape, without pino: loading it takes longer than starting a server, and many
 * services are ready before they have anything to say.
 */
export function createLineLog(destination: LogDestination, isEnabled: (level: number) => boolean): Log {
  const write =
    (level: number) =>
    (fields: object, msg: string): void => {
      if (!isEnabled(level)) return;
      const rest = JSON.stringify({ ...fields, msg }, tellErrors).slice(1);
      destination.write(`{"level":${level},"time":${Date.now()},${linePrefix},${rest}\n`);
    };
  return {
    debug: write(levelNumbers.debug),
    info: write(levelNumbers.info),
    warn: write(levelNumbers.warn),
    error: write(levelNumbers.error),
  };
}

/** Writes errors as pino's serializer does, because JSON alone makes {} of an error. */
function tellErrors(_name: string, value: unknown): unknown {
  return value instanceof Error ? { type: value.name, message: value.message, stack: value.stack } : value;
}
