import assert from "node:assert/strict";
import { test } from "node:test";
import * as fc from "fast-check";
import { parseCronSchedule, type CronFields, type CronSchedule } from "./cron-schedule.ts";
import { nextCronTime } from "./next-cron-time.ts";
import { zonedClock } from "./zoned-clock.ts";

const zones = [
  "UTC",
  "Europe/Berlin",
  "America/New_York",
  "Asia/Kathmandu",
  "Australia/Lord_Howe",
  "America/Santiago",
];

function parsed(text: string): CronSchedule {
  const schedule = parseCronSchedule(text);
  assert.ok(!("error" in schedule), text);
  return schedule;
}

function next(text: string, after: string, zone?: string): string | undefined {
  const ms = nextCronTime(parsed(text), Date.parse(after), zone);
  return ms === undefined ? undefined : new Date(ms).toISOString();
}

function field(least: number, most: number): fc.Arbitrary<string> {
  const number = fc.integer({ min: least, max: most });
  const range = fc.tuple(number, number).map(([a, b]) => `${Math.min(a, b)}-${Math.max(a, b)}`);
  const step = fc.tuple(fc.oneof(fc.constant("*"), range), fc.integer({ min: 1, max: 20 }));
  const one = fc.oneof(
    fc.constant("*"),
    number.map(String),
    range,
    step.map(([of, by]) => `${of}/${by}`),
  );
  return fc.array(one, { minLength: 1, maxLength: 3 }).map((parts) => parts.join(","));
}

const someSchedule = fc
  .tuple(field(0, 59), field(0, 23), field(1, 31), field(1, 12), field(0, 6))
  .map((fields) => fields.join(" "));

test("the next time is the first minute after that fits, whatever the clock of the zone does", () => {
  const times = fc.date({ min: new Date("2024-01-01"), max: new Date("2027-01-01"), noInvalidDate: true });
  fc.assert(
    fc.property(someSchedule, times, fc.constantFrom(...zones), (text, after, zone) => {
      const schedule = parsed(text);
      const clock = zonedClock(zone);
      // To look at two days suffices to see that nothing was passed over, and at the found one that it fits.
      const endMs = after.getTime() + 2 * 86_400_000;
      let expected: number | undefined;
      for (let ms = (Math.floor(after.getTime() / 60_000) + 1) * 60_000; ms <= endMs; ms += 60_000) {
        if (!fits(schedule, clock(ms))) continue;
        expected = ms;
        break;
      }
      const found = nextCronTime(schedule, after.getTime(), zone);
      if (expected !== undefined) assert.equal(found, expected, text);
      else if (found !== undefined) assert.ok(found > endMs && fits(schedule, clock(found)), text);
    }),
    { numRuns: 60 },
  );
});

function fits(schedule: CronSchedule, at: ReturnType<ReturnType<typeof zonedClock>>): boolean {
  const { minutes, hours, days, months, weekdays, needsBothDays } = schedule as CronFields;
  const both = [days.has(at.day), weekdays.has(at.weekday)];
  const isDay = needsBothDays ? both.every(Boolean) : both.some(Boolean);
  return months.has(at.month) && isDay && hours.has(at.hour) && minutes.has(at.minute);
}

test("known times", () => {
  assert.equal(next("*/15 * * * *", "2026-01-01T00:00:00Z"), "2026-01-01T00:15:00.000Z");
  assert.equal(next("0 0 29 2 *", "2026-01-01T00:00:00Z"), "2028-02-29T00:00:00.000Z");
  assert.equal(next("0 0 30 2 *", "2026-01-01T00:00:00Z"), undefined);
  assert.equal(next("0 12 13 * fri", "2026-01-01T00:00:00Z"), "2026-01-02T12:00:00.000Z");
  assert.equal(next("0 9 * * *", "2026-07-01T00:00:00Z", "Europe/Berlin"), "2026-07-01T07:00:00.000Z");
  assert.equal(next("TZ=Asia/Tokyo 0 9 * * *", "2026-07-01T01:00:00Z", "UTC"), "2026-07-02T00:00:00.000Z");
  assert.equal(next("@every 90s", "2026-01-01T00:00:00.700Z"), "2026-01-01T00:01:30.000Z");
  assert.equal(next("@weekly", "2026-01-01T00:00:00Z"), "2026-01-04T00:00:00.000Z");
  // The clock jumps from 2:00 to 3:00, and later shows the hour from 2:00 to 3:00 twice.
  assert.equal(next("30 2 * * *", "2026-03-28T12:00:00Z", "Europe/Berlin"), "2026-03-30T00:30:00.000Z");
  assert.equal(next("30 2 * * *", "2026-10-25T00:30:00Z", "Europe/Berlin"), "2026-10-25T01:30:00.000Z");
});
