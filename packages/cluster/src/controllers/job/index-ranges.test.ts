import assert from "node:assert/strict";
import { test } from "node:test";
import * as fc from "fast-check";
import {
  countIndexes,
  countShared,
  firstMissing,
  formatIndexes,
  hasIndex,
  parseIndexes,
  withIndexes,
} from "./index-ranges.ts";

const someIndexes = fc.array(fc.nat(40));

test("ranges hold what a set would hold", () => {
  fc.assert(
    fc.property(someIndexes, someIndexes, (left, right) => {
      const ranges = withIndexes(withIndexes([], left), right);
      const set = new Set([...left, ...right]);
      assert.equal(countIndexes(ranges), set.size);
      for (let index = 0; index <= 41; index += 1) assert.equal(hasIndex(ranges, index), set.has(index));
      const shared = new Set(left).intersection(new Set(right)).size;
      assert.equal(countShared(withIndexes([], left), withIndexes([], right)), shared);
    }),
  );
});

test("what is written is read again, and what is not below the completions is left out", () => {
  fc.assert(
    fc.property(someIndexes, fc.nat(45), (indexes, completions) => {
      const text = formatIndexes(withIndexes([], indexes));
      const below = withIndexes(
        [],
        indexes.filter((index) => index < completions),
      );
      assert.deepEqual(parseIndexes(text, completions), below);
    }),
  );
  assert.equal(formatIndexes(withIndexes([], [0, 2, 3, 5, 6, 7])), "0,2,3,5-7");
  assert.deepEqual(parseIndexes("1-x,,4", 9), [{ first: 4, last: 4 }]);
});

test("the first that are missing", () => {
  fc.assert(
    fc.property(someIndexes, fc.nat(10), fc.nat(45), (indexes, count, completions) => {
      const missing = Array.from({ length: completions }, (_, index) => index).filter(
        (index) => !indexes.includes(index),
      );
      assert.deepEqual(firstMissing(withIndexes([], indexes), count, completions), missing.slice(0, count));
    }),
  );
});
