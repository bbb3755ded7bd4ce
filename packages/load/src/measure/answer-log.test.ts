import assert from "node:assert/strict";
import { test } from "node:test";
import { AnswerLog } from "./answer-log.ts";

test("logs of workers add up, name by name, and keep no more than the limit", () => {
  const [left, right, all] = [new AnswerLog(10), new AnswerLog(10), new AnswerLog(3)];
  left.add(0, 2, "pod-a");
  left.add(20, 3, undefined);
  right.add(10, 4, "pod-b", true);
  right.add(30, 5, "pod-a", true);
  all.addData(left.take());
  all.addData(right.take());
  assert.deepEqual(all.toData(), {
    names: ["pod-a", "pod-b"],
    dueMs: [0, 20, 10],
    latencyMs: [2, 3, 4],
    by: [1, 0, 2],
    reused: [false, false, true],
  });
  assert.deepEqual(left.take().dueMs, []);
});
