import assert from "node:assert/strict";
import { test } from "node:test";
import { span } from "./verdict-text.ts";

test("the times of a cause are told in the unit that fits, and before or after as they are", () => {
  assert.equal(span({ min: 20, max: 61.4 }), "20 to 61 ms after");
  assert.equal(span({ min: 20, max: 1_570 }), "0.0 to 1.6 s after");
  assert.equal(span({ min: -210, max: 1_100 }), "0.2 s before to 1.1 s after");
  assert.equal(span({ min: -40, max: 1_100 }), "0.0 to 1.1 s after");
  assert.equal(span({ min: -240, max: -11 }), "11 to 240 ms before");
  assert.equal(span({ min: 32_000, max: 32_010 }), "32.0 to 32.0 s after");
});
