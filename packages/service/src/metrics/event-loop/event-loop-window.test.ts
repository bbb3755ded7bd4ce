import assert from "node:assert/strict";
import { test } from "node:test";
import { createEventLoopWindow } from "./event-loop-window.ts";

test("a delay is seen for one window at least and for two at most", () => {
  const window = createEventLoopWindow(1_000, 0);
  window.record(5_000_000, 10);
  for (let nowMs = 20; nowMs < 3_000; nowMs += 20) {
    window.record(1, nowMs);
    const seen = window.delays().max > 1;
    if (nowMs <= 1_010) assert.ok(seen, `after ${nowMs} ms`);
    if (nowMs >= 2_010) assert.ok(!seen, `after ${nowMs} ms`);
  }
});

test("reading changes nothing: any number of readers see the same", () => {
  const window = createEventLoopWindow(1_000, 0);
  for (let nowMs = 1; nowMs <= 100; nowMs += 1) window.record(nowMs * 1e6, nowMs);
  const read = () => {
    const { count, min, max, mean } = window.delays();
    return { count, min, max, mean, p99: window.delays().percentile(99) };
  };
  const first = read();
  assert.deepEqual(read(), first);
  assert.equal(first.count, 100);
  assert.ok(Math.abs(first.p99 - 99e6) <= 1e6, String(first.p99));
});

test("utilization is a share", () => {
  const window = createEventLoopWindow(1_000, 0);
  window.record(1, 10);
  assert.ok(window.utilization() >= 0 && window.utilization() <= 1);
});
