import assert from "node:assert/strict";
import { test } from "node:test";
import { durationError, formatDuration, parseDuration } from "./go-duration.ts";

/** What Go 1.26 prints of time.Duration. */
const durations: readonly (readonly [number, string])[] = [
  [0, "0s"],
  [1, "1ns"],
  [1_100, "1.1µs"],
  [2_200_000, "2.2ms"],
  [30e9, "30s"],
  [3_300_000_000, "3.3s"],
  [60e9, "1m0s"],
  [4 * 60e9 + 5.001e9, "4m5.001s"],
  [3600e9, "1h0m0s"],
  [-5 * 3600e9 - 6 * 60e9 - 7.001e9, "-5h6m7.001s"],
];

test("a duration is written as Go writes it, and read back", () => {
  for (const [nanoseconds, text] of durations) {
    assert.equal(formatDuration(nanoseconds), text);
    assert.equal(parseDuration(text), nanoseconds);
  }
});

test("a text that is no duration is refused as Go refuses it", () => {
  for (const [text, error] of [
    ["1h30m", undefined],
    ["-.5s", undefined],
    ["0", undefined],
    ["", 'time: invalid duration ""'],
    ["1", 'time: missing unit in duration "1"'],
    ["1x", 'time: unknown unit "x" in duration "1x"'],
    ["1toString", 'time: unknown unit "toString" in duration "1toString"'],
    ["2562048h", 'time: invalid duration "2562048h"'],
  ] as const)
    assert.equal(durationError(text), error, text);
});
