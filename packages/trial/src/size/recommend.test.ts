import assert from "node:assert/strict";
import { test } from "node:test";
import * as fc from "fast-check";
import { recommend, type SizeMeasurements } from "./recommend.ts";

const seen: SizeMeasurements = {
  kneeRate: 1_000,
  kneeCores: 0.943,
  peakBytes: 90 * 2 ** 20,
  startedMs: 2_000,
  linearity: 1,
  isNode: true,
};
const wish = { rate: 2_500, growthPerMinute: 0.5 };

test("requests, limits, replicas and the autoscaler's target follow from the knee", () => {
  const { cpuRequestMillis, memoryMebibytes, heapMebibytes, replicas, targetUtilization, maxReplicas } =
    recommend(seen, wish);
  assert.equal(cpuRequestMillis.value, 950);
  assert.equal(memoryMebibytes.value, 144);
  assert.equal(heapMebibytes?.value, 108);
  assert.equal(replicas.value, 5);
  // 1 + 0.5 * 32 s / 60 s = 1.27; 5 / 4 = 1.25.
  assert.equal(targetUtilization.value, Math.floor(100 / ((1 + (0.5 * 32) / 60) * 1.1 * 1.25)));
  assert.equal(maxReplicas.value, 10);
  assert.equal(recommend({ ...seen, isNode: false }, wish).heapMebibytes, undefined);
});

test("pods that share something are worth less", () => {
  assert.equal(recommend({ ...seen, linearity: 0.5 }, wish).replicas.value, 9);
});

test("a higher rate never gives fewer replicas, more memory never a lower limit, and a lost pod is carried", () => {
  const number = (max: number) => fc.double({ min: 1, max, noNaN: true });
  fc.assert(
    fc.property(number(50_000), number(1e9), number(1e5), number(1e5), (kneeRate, peakBytes, rate, more) => {
      const own = { ...seen, kneeRate, peakBytes };
      const less = recommend(own, { ...wish, rate });
      const higher = recommend({ ...own, peakBytes: peakBytes + more }, { ...wish, rate: rate + more });
      assert.ok(higher.replicas.value >= less.replicas.value);
      assert.ok(higher.memoryMebibytes.value >= less.memoryMebibytes.value);
      assert.ok(less.memoryMebibytes.value * 2 ** 20 > peakBytes);
      assert.ok((less.replicas.value - 1) * kneeRate * 0.7 >= rate * 0.999);
      assert.ok(less.replicas.value >= 2);
      assert.ok(less.targetUtilization.value >= 1 && less.targetUtilization.value < 91);
    }),
  );
});
