import type { MachineWork } from "./machine-work.ts";

/** A time in which a machine had no processor to spare, and others than the trial had a good part of them. */
export interface CrowdedSpan {
  /** Milliseconds since the epoch, as are all moments of a trial. */
  readonly from: number;
  readonly until: number;
  /** The share of all processors' time that others had, from 0 to 1. */
  readonly othersShare: number;
}

/** The work of a machine so far, at a moment. */
export interface WorkAt extends MachineWork {
  readonly at: number;
}

/** A quarter of the time is what a kernel's own threads and a desktop do not take. */
const leastOthers = 0.25;
/** With a tenth to spare, whoever waits for a processor gets one soon. */
const mostIdle = 0.1;

/** What lies between two moments, when the machine was crowded then. */
export function crowdedSpan(before: WorkAt, after: WorkAt): CrowdedSpan | undefined {
  const busy = after.busyMs - before.busyMs;
  const idle = after.idleMs - before.idleMs;
  const whole = busy + idle;
  if (whole <= 0 || idle / whole > mostIdle) return undefined;
  const othersShare = (busy - (after.ownMs - before.ownMs)) / whole;
  return othersShare < leastOthers ? undefined : { from: before.at, until: after.at, othersShare };
}

/** The greatest share that others had while something went on; undefined when the machine was never crowded then. */
export function othersShareIn(
  spans: readonly CrowdedSpan[],
  { sentAt, doneAt }: { readonly sentAt: number; readonly doneAt: number },
): number | undefined {
  const met = spans.filter(({ from, until }) => doneAt >= from && sentAt <= until);
  return met.length === 0 ? undefined : Math.max(...met.map(({ othersShare }) => othersShare));
}
