import assert from "node:assert/strict";
import { test } from "node:test";
import { setInterval as ticks } from "node:timers/promises";
import { startEventLoopMonitor, type EventLoopMonitor } from "./event-loop-monitor.ts";

test("a delay is what comes on top of the time between two samples", async () => {
  using monitor = startEventLoopMonitor({ resolutionMs: 100 });
  for await (const _ of ticks(100)) if (monitor.window.delays().count >= 3) break;
  assert.ok(monitor.window.delays().min < 100e6, String(monitor.window.delays().min));
});

test("one long delay does not count as overload, two do", async () => {
  using monitor = startEventLoopMonitor({ resolutionMs: 10 });
  await blockOnce(monitor);
  assert.ok(monitor.delayP99Ms() < monitor.window.delays().max / 1e6 / 2, String(monitor.delayP99Ms()));
  await blockOnce(monitor);
  assert.ok(monitor.delayP99Ms() >= 400, String(monitor.delayP99Ms()));
});

test("nothing is measured after the end", async () => {
  const monitor = startEventLoopMonitor({ resolutionMs: 1 });
  monitor[Symbol.dispose]();
  let tick = 0;
  for await (const _ of ticks(2)) if ((tick += 1) === 5) break;
  assert.equal(monitor.window.delays().count, 0);
});

/** Blocks the loop for half a second, in which a sample is due, and waits until that sample and two more are taken. */
async function blockOnce({ window }: EventLoopMonitor): Promise<void> {
  const start = performance.now();
  while (performance.now() - start < 500);
  const { count } = window.delays();
  for await (const _ of ticks(10)) if (window.delays().count >= count + 3) break;
}
