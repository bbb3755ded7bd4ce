import assert from "node:assert/strict";
import { test } from "node:test";
import { parseCronSchedule } from "./cron-schedule.ts";

function errorOf(text: string): string | undefined {
  const schedule = parseCronSchedule(text);
  return "error" in schedule ? schedule.error : undefined;
}

test("schedules that cron knows have no error", () => {
  for (const schedule of [
    "* * * * *",
    "*/5 0-23/2 1,15 JAN-mar mon",
    "? 0 * * ?",
    "@hourly",
    "@every 1h30m0.5s",
    "TZ=Europe/Berlin 0 3 * * *",
    "CRON_TZ=UTC @daily",
  ])
    assert.equal(errorOf(schedule), undefined, schedule);
});

test("what is wrong is told in the words of the parser", () => {
  for (const [schedule, error] of [
    ["* * * *", "expected exactly 5 fields, found 4: [* * * *]"],
    ["60 * * * *", "end of range (60) above maximum (59): 60"],
    ["* * 0 * *", "beginning of range (0) below minimum (1): 0"],
    ["5-1 * * * *", "beginning of range (5) beyond end of range (1): 5-1"],
    ["*/0 * * * *", "step of range should be a positive number: */0"],
    ["1-2-3 * * * *", "too many hyphens: 1-2-3"],
    ["1/2/3 * * * *", "too many slashes: 1/2/3"],
    ["x * * * *", 'failed to parse int from x: strconv.Atoi: parsing "x": invalid syntax'],
    ["-5 * * * *", 'failed to parse int from : strconv.Atoi: parsing "": invalid syntax'],
    ["@reboot", "unrecognized descriptor: @reboot"],
    ["@every 1x", 'failed to parse duration @every 1x: time: unknown unit "x" in duration "1x"'],
    [
      "@every 9999999999h",
      'failed to parse duration @every 9999999999h: time: invalid duration "9999999999h"',
    ],
    ["TZ=europe/berlin * * * * *", "provided bad location europe/berlin: unknown time zone europe/berlin"],
    ["TZ=../etc * * * * *", "provided bad location ../etc: time: invalid location name"],
  ] as const)
    assert.equal(errorOf(schedule), error, schedule);
});
