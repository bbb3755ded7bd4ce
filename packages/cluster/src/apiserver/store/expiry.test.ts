import assert from "node:assert/strict";
import { test } from "node:test";
import * as fc from "fast-check";
import { createExpiry } from "./expiry.ts";

const minuteMs = 60_000;

test("a state expires five to six minutes after the write that took its place", () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 1, max: 7 * minuteMs }), { maxLength: 40 }), (pauses) => {
      const expiry = createExpiry();
      const writtenMs: number[] = [];
      let nowMs = 0;
      for (const pause of pauses) {
        nowMs += pause;
        writtenMs.push(nowMs);
        expiry.note(nowMs, writtenMs.length);
        const oldest = expiry.oldest(nowMs);
        for (let revision = 0; revision < writtenMs.length; revision += 1) {
          const ageMs = nowMs - writtenMs[revision]!;
          if (ageMs < 5 * minuteMs) assert.ok(revision >= oldest, `${revision} has expired too soon`);
          if (ageMs > 6 * minuteMs) assert.ok(revision < oldest, `${revision} has not expired`);
        }
      }
    }),
  );
});

test("what nothing has taken the place of does not expire", () => {
  const expiry = createExpiry();
  for (let minute = 0; minute < 60; minute += 1) expiry.note(minute * minuteMs, 7);
  assert.equal(expiry.oldest(60 * minuteMs), 7);
});
