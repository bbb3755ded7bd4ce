import type { CronFields, CronSchedule } from "./cron-schedule.ts";
import { zonedClock, type ClockFields } from "./zoned-clock.ts";

/**
 * When a schedule is due next, after a time in milliseconds since the epoch; undefined when it is not within five years.
 * A minute that the clock jumps over is never due, and one that it shows twice is due twice, as in Kubernetes.
 * https://github.com/robfig/cron/blob/v3.0.1/spec.go (Next)
 */
export function nextCronTime(schedule: CronSchedule, afterMs: number, zone = "UTC"): number | undefined {
  if ("everyMs" in schedule) return Math.floor(afterMs / 1000) * 1000 + schedule.everyMs;
  const clock = zonedClock(schedule.zone ?? zone);
  let atMs = (Math.floor(afterMs / minuteMs) + 1) * minuteMs;
  const lastYear = clock(atMs).year + 5;
  for (;;) {
    const fields = clock(atMs);
    if (fields.year > lastYear) return undefined;
    if (!isDay(schedule, fields)) atMs += untilNextDayMs(fields);
    else if (!schedule.hours.has(fields.hour)) atMs += untilNextHourMs(fields);
    else if (!schedule.minutes.has(fields.minute)) atMs += minuteMs;
    else return atMs;
  }
}

const minuteMs = 60_000;

function isDay({ days, months, weekdays, needsBothDays }: CronFields, fields: ClockFields): boolean {
  if (!months.has(fields.month)) return false;
  const isDate = days.has(fields.day);
  const isWeekday = weekdays.has(fields.weekday);
  return needsBothDays ? isDate && isWeekday : isDate || isWeekday;
}

function untilNextHourMs({ minute }: ClockFields): number {
  return (60 - minute) * minuteMs;
}

/** A day may be some hours shorter than it looks, so the last hours before midnight are gone through one by one. */
function untilNextDayMs(fields: ClockFields): number {
  const wholeHours = 23 - fields.hour - marginHours;
  return wholeHours > 0 ? wholeHours * 60 * minuteMs : untilNextHourMs(fields);
}

const marginHours = 3;
