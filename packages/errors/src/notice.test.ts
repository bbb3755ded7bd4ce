import assert from "node:assert/strict";
import { test } from "node:test";
import { formatNotice } from "./notice.ts";

const names = (count: number) => Array.from({ length: count }, (_, index) => `n${index + 1}`);

test("a few names are all shown; of many the first ones, with the number of the rest", () => {
  const line = (count: number, all = false) =>
    formatNotice({ text: "left out", names: names(count) }, { all });
  assert.equal(line(0), "left out");
  assert.equal(line(1), "left out: n1");
  assert.equal(line(5), "left out: n1, n2, n3, n4, n5");
  assert.equal(line(6), "left out: n1, n2, n3, n4 and 2 more");
  assert.equal(line(7, true), "left out: n1, n2, n3, n4, n5, n6, n7");
});
