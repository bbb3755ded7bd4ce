import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { doubtsOf } from "./doubts-of.ts";

const plan = { maxLagP99Ms: 5, connectTimeoutMs: 400, responseTimeoutMs: 600 };
const good = {
  scheduled: 3,
  lagP99Ms: 5,
  pauseMs: 200,
  dialLagMaxMs: 200,
  unsent: new Map<string, number>(),
  failuresLeftOut: 0,
};

describe("doubtsOf", () => {
  it("has none about a run within its limits", () => {
    assert.deepEqual(doubtsOf(plan, good), []);
  });

  it("gives every reason to doubt a run", () => {
    const bad = {
      scheduled: 3,
      lagP99Ms: 300,
      pauseMs: 201,
      dialLagMaxMs: 201,
      unsent: new Map([["EMFILE", 1]]),
      failuresLeftOut: 1,
    };
    assert.deepEqual(doubtsOf(plan, bad), [
      "requests were sent late: p99 of the send lag was 300.0 ms, the limit is 5 ms",
      "the generator stood still for 201 ms",
      "the process that dials stood still for 201 ms",
      "1 requests were not sent: EMFILE",
      "1 failures were counted and not kept",
    ]);
  });

  it("doubts a run without a request", () => {
    assert.deepEqual(doubtsOf(plan, { ...good, scheduled: 0 }), ["no request was due"]);
  });
});
