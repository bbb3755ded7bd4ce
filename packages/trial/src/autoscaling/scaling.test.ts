import assert from "node:assert/strict";
import { test } from "node:test";
import { autoscalingResult, autoscalingText, type Scaling } from "./scaling.ts";

const scaling: Scaling = {
  autoscaler: "shop",
  deployment: "shop",
  from: 3,
  to: 5,
  ratePerSecond: 600,
  topShare: 1.42,
  beganAt: 12_000,
  topAt: 14_000,
  actedAt: 22_500,
  readyAt: 25_000,
  metAt: 30_000,
  downAt: 30_000,
  ended: 2,
  windowSeconds: 300,
};

const second = (fromMs: number, p99Ms: number | undefined) => ({
  fromMs,
  durationMs: 1_000,
  scheduled: 100,
  ok: 100,
  failed: 0,
  unsent: 0,
  inFlight: 0,
  bytesReceived: 0,
  p50Ms: 1,
  p90Ms: 1,
  p99Ms,
  maxMs: p99Ms,
});
const load = {
  startedAt: 10_000,
  // What reaches over the ramp's begin counts on neither side.
  intervals: [
    second(0, 4),
    second(900, 5),
    second(1_500, 99),
    second(5_000, 20),
    second(6_000, 120),
    second(7_000, undefined),
    second(30_000, 2),
  ],
};

test("times count from the top, latency is that of usual seconds, and losses have their side", () => {
  const result = autoscalingResult(scaling, load, [11_000, 13_000, 31_000, 32_000]);
  const { actedAfterMs, readyAfterMs, metAfterMs, p99BeforeMs, p99UpMs, worstP99UpMs, lostUp, lostDown } =
    result;
  assert.deepEqual([actedAfterMs, readyAfterMs, metAfterMs], [8_500, 11_000, 16_000]);
  assert.deepEqual([p99BeforeMs, p99UpMs, worstP99UpMs], [5, 120, 120]);
  assert.deepEqual([lostUp, lostDown], [1, 2]);
});

test("the sentences say what was shortened, and what was not seen", () => {
  const [up, price, down] = autoscalingText(autoscalingResult(scaling, load, []));
  assert.equal(
    up,
    "shop: 600 requests/s brought the pods to 142 % of its target, and it went from 3 to 5; it acted 8.5 s after the top, the new pods were ready 11.0 s after the top, the target was met 16.0 s after the top",
  );
  assert.match(price ?? "", /^on the way up 0 requests were lost; p99 in a usual second was 120 ms/);
  assert.match(down ?? "", /while 2 pods ended; its stabilizationWindowSeconds of 300 was 0 meanwhile/);
  const late = {
    ...scaling,
    actedAt: 13_000,
    readyAt: undefined,
    metAt: undefined,
    windowSeconds: undefined,
  };
  const [before, , plain] = autoscalingText(autoscalingResult(late, load, []));
  assert.match(before ?? "", /it acted 1.0 s before the top, the new pods were not ready while the trial/);
  assert.equal(plain, "on the way down 0 requests were lost while 2 pods ended");
});
