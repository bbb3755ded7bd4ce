import assert from "node:assert/strict";
import { test } from "node:test";
import {
  bytesText,
  countText,
  durationText,
  msText,
  percentText,
  rateText,
  roundMsText,
} from "./number-text.ts";

test("times have three figures and the unit that fits", () => {
  assert.deepEqual(
    [0, 0.0421, 0.42, 4.516, 45.16, 451.6, 999.7, 1234, 61_000].map((ms) => msText(ms)),
    ["0 ms", "0.042 ms", "0.420 ms", "4.52 ms", "45.2 ms", "452 ms", "1.00 s", "1.23 s", "61.0 s"],
  );
  assert.deepEqual(
    [0.05, 0.5, 20, 1000, 2500].map((ms) => roundMsText(ms)),
    ["0.05 ms", "0.5 ms", "20 ms", "1 s", "2.5 s"],
  );
});

test("lengths of a run are told in the unit that fits", () => {
  assert.deepEqual(
    [0, 800, 3_010, 29_800, 60_000, 125_000, 3_720_000].map((ms) => durationText(ms)),
    ["0 s", "0.8 s", "3 s", "30 s", "1 min", "2 min 5 s", "1 h 2 min"],
  );
});

test("counts, rates, bytes and shares", () => {
  assert.equal(countText(30_000), "30,000");
  assert.deepEqual(
    [0.5, 99.97, 1000].map((rate) => rateText(rate)),
    ["0.5/s", "100/s", "1,000/s"],
  );
  assert.deepEqual(
    [812, 24_000, 4_100_000].map((bytes) => bytesText(bytes)),
    ["812 B", "24.0 kB", "4.10 MB"],
  );
  assert.deepEqual(
    [0.0001, 0.123, 1].map((share) => percentText(share)),
    ["0.01 %", "12 %", "100 %"],
  );
});
