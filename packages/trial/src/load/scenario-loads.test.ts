import assert from "node:assert/strict";
import { test } from "node:test";
import { strainOf } from "./scenario-loads.ts";

const calm = { elapsedMs: 10_000, scheduled: 1_000, failed: 0, inFlight: 20, lagP99Ms: 3 };

test("a load that is late, loses much, or waits for a second of answers is strained", () => {
  assert.equal(strainOf([calm, { ...calm, failed: 50, inFlight: 100, lagP99Ms: 50 }], 50), undefined);
  assert.match(strainOf([calm, { ...calm, lagP99Ms: 80 }], 50) ?? "", /^the load is late: .* is 80 ms/);
  assert.equal(strainOf([{ ...calm, failed: 51 }], 50), "51 of 1000 requests were lost");
  assert.match(strainOf([{ ...calm, inFlight: 101 }], 50) ?? "", /^101 requests wait for their answers/);
});
