import assert from "node:assert/strict";
import { test } from "node:test";
import * as fc from "fast-check";
import { mostShares, sharesOf } from "./shares-of.ts";

test("shares keep the proportions of counts, and none is lost", () => {
  assert.deepEqual(sharesOf([3, 1]), [3, 1]);
  assert.deepEqual(sharesOf([3_000_000, 1_000_000, 2]), [750, 250, 1]);
  const counts = fc.array(fc.integer({ min: 1, max: 2 ** 40 }), { minLength: 1, maxLength: 200 });
  fc.assert(
    fc.property(counts, (given) => {
      const shares = sharesOf(given);
      const total = given.reduce((sum, count) => sum + count, 0);
      for (const [index, share] of shares.entries()) {
        assert.ok(Number.isInteger(share) && share >= 1 && share <= mostShares);
        if (total > mostShares) assert.ok(Math.abs(share - (given[index]! * mostShares) / total) <= 1);
      }
    }),
  );
});
