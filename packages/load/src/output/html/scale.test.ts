import assert from "node:assert/strict";
import { test } from "node:test";
import * as fc from "fast-check";
import { linearScale, logScale, timeScale } from "./scale.ts";

const positive = fc.double({ min: 1e-4, max: 1e7, noNaN: true });

test("a linear scale begins at 0 and takes in its largest value, with few marks", () => {
  fc.assert(
    fc.property(positive, fc.integer({ min: 1, max: 6 }), (most, wanted) => {
      const scale = linearScale(most, [100, 0], wanted);
      assert.equal(scale(0), 100);
      assert.ok(scale(most) >= -0.1 && scale(most) <= 100);
      assert.ok(scale.ticks.length >= 2 && scale.ticks.length <= wanted + 2, String(scale.ticks));
    }),
  );
});

test("a logarithmic scale takes in its values, with few marks that lie on it", () => {
  fc.assert(
    fc.property(positive, positive, (one, other) => {
      const [least, most] = [Math.min(one, other), Math.max(one, other)];
      const scale = logScale(least, most, [0, 100]);
      for (const value of [least, most, ...scale.ticks])
        assert.ok(scale(value) >= -0.1 && scale(value) <= 100.1, `${value} at ${scale(value)}`);
      assert.ok(scale.ticks.length >= 2 && scale.ticks.length <= 13, String(scale.ticks));
    }),
  );
});

test("a logarithmic scale of nothing, or from nothing, has an end", () => {
  assert.ok(logScale(0, 0, [0, 100]).ticks.length >= 2);
  assert.ok(logScale(0, 17, [0, 100]).ticks.length >= 2);
});

test("a scale of time ends with the run", () => {
  assert.deepEqual(timeScale(60_000, [0, 600], 6).ticks, [0, 10_000, 20_000, 30_000, 40_000, 50_000, 60_000]);
  assert.equal(timeScale(3_010, [0, 100])(3_010), 100);
  assert.ok(timeScale(0, [0, 100]).ticks.length > 0);
});
