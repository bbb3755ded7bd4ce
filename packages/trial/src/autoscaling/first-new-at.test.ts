import assert from "node:assert/strict";
import { test } from "node:test";
import { firstNewAt } from "./first-new-at.ts";

test("an autoscaler acted when the first of its pods came, however late somebody looks", () => {
  const old = { uid: "old", seenAt: 1_000 };
  assert.equal(firstNewAt([old], ["old"]), undefined);
  const made = [
    { uid: "second", seenAt: 20_000 },
    { uid: "first", seenAt: 5_000 },
  ];
  assert.equal(firstNewAt([old, ...made], ["old"]), 5_000);
});
