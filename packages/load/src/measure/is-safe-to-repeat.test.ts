import assert from "node:assert/strict";
import { test } from "node:test";
import { isSafeToRepeat } from "./is-safe-to-repeat.ts";

test("a retry could save what is idempotent, and what never left; of any other nobody knows", () => {
  assert.equal(isSafeToRepeat({ method: "GET", class: "reset-mid-answer" }), true);
  assert.equal(isSafeToRepeat({ method: "DELETE", class: "response-timeout" }), true);
  assert.equal(isSafeToRepeat({ method: "POST", class: "refused" }), true);
  assert.equal(isSafeToRepeat({ method: "POST", class: "reset-before-answer" }), false);
  assert.equal(isSafeToRepeat({ method: "PATCH", class: "bad-status" }), false);
});
