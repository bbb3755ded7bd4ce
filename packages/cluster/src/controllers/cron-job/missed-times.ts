import { nextCronTime, type CronSchedule } from "@seaworthy/kube";

/** What a schedule wanted between a time and now. */
export interface MissedTimes {
  /** The last time that was due; undefined when none was. */
  readonly lastMs?: number;
  readonly count: "none" | "few" | "many";
}

/** A schedule that reads well and yet is never due, as the 30th of February. */
export const neverDue = "time difference between two schedules is less than 1 second";

/**
 * Looks for the last time at which a schedule was due. How many were is estimated by the distance of the first two.
 * https://github.com/kubernetes/kubernetes/blob/v1.36.3/pkg/controller/cronjob/utils.go (mostRecentScheduleTime)
 */
export function missedTimes(
  schedule: CronSchedule,
  zone: string | undefined,
  sinceMs: number,
  nowMs: number,
): MissedTimes | typeof neverDue {
  const next = (afterMs: number) => nextCronTime(schedule, afterMs, zone);
  const first = next(sinceMs);
  const second = first === undefined ? undefined : next(first);
  if (first === undefined || second === undefined) return neverDue;
  if (nowMs < first) return { count: "none" };
  if (nowMs < second) return { lastMs: first, count: "none" };
  const distanceMs = second - first;
  const missed = Math.floor((nowMs - first) / distanceMs) + 1;
  let lastMs: number | undefined;
  let atMs = next(first + (missed - 2) * distanceMs);
  while (atMs !== undefined && atMs <= nowMs) {
    lastMs = atMs;
    atMs = next(atMs);
  }
  const count = missed > 100 ? "many" : "few";
  return lastMs === undefined ? { count } : { lastMs, count };
}

/**
 * In how long a schedule is due again; a little later, because clocks differ.
 * https://github.com/kubernetes/kubernetes/blob/v1.36.3/pkg/controller/cronjob/utils.go (nextScheduleTimeDuration)
 */
export function nextDueInMs(
  schedule: CronSchedule,
  zone: string | undefined,
  sinceMs: number,
  nowMs: number,
): number | undefined {
  const missed = missedTimes(schedule, zone, sinceMs, nowMs);
  const fromMs = missed === neverDue ? nowMs : (missed.lastMs ?? (missed.count === "none" ? sinceMs : nowMs));
  const dueMs = nextCronTime(schedule, fromMs, zone);
  return dueMs === undefined ? undefined : dueMs + paddingMs - nowMs;
}

/** NextScheduleDelta. */
const paddingMs = 100;
