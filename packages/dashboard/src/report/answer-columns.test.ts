import assert from "node:assert/strict";
import { test } from "node:test";
import { packAnswers, unpackAnswers } from "./answer-columns.ts";

test("answers come back in the order in which they were due, with their latency to a thousandth", () => {
  const packed = packAnswers({ names: ["a"], dueMs: [70_000, 3], latencyMs: [12.5, 1_500], by: [1, 0] });
  const { dueMs, latencyMs, by, names } = unpackAnswers(packed);
  assert.deepEqual([dueMs, by, names], [[3, 70_000], [0, 1], ["a"]]);
  assert.ok(Math.abs(latencyMs[0]! / 1_500 - 1) < 0.001 && Math.abs(latencyMs[1]! / 12.5 - 1) < 0.001);
});

test("a hundred thousand answers fit into half a megabyte of text", () => {
  const at = Array.from({ length: 100_000 }, (_, index) => index);
  const latencyMs = at.map((index) => 2 + ((index * 7_919) % 1_000) / 250);
  const packed = packAnswers({
    names: ["a"],
    dueMs: at.map((index) => index * 3.3),
    latencyMs,
    by: at.map(() => 1),
  });
  assert.ok(packed.columns.length < 500_000, String(packed.columns.length));
});
