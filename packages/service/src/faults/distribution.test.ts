import assert from "node:assert/strict";
import { test } from "node:test";
import * as fc from "fast-check";
import { SeaworthyError } from "@seaworthy/errors";
import {
  formatDistribution,
  longestDelayMs,
  parseDistribution,
  sample,
  type Distribution,
} from "./distribution.ts";
import { seededRandom } from "./random.ts";

const wholeMs = fc.integer({ min: 0, max: longestDelayMs });
const distributions: fc.Arbitrary<Distribution> = fc.oneof(
  wholeMs.map((ms) => ({ kind: "fixed" as const, ms })),
  fc.tuple(wholeMs, wholeMs).map(([one, other]) => ({
    kind: "uniform" as const,
    minMs: Math.min(one, other),
    maxMs: Math.max(one, other),
  })),
  fc.tuple(wholeMs, wholeMs, wholeMs).map((three) => {
    const [stddevMs = 0, meanMs = 0, maxMs = 0] = three.toSorted((a, b) => a - b);
    return { kind: "normal" as const, meanMs, stddevMs, maxMs };
  }),
);

test("what is formatted is read as the same distribution", () => {
  fc.assert(
    fc.property(distributions, (distribution) => {
      assert.deepEqual(parseDistribution(formatDistribution(distribution)), distribution);
    }),
  );
});

test("the three forms, with spaces where people put them", () => {
  assert.deepEqual(parseDistribution("250"), { kind: "fixed", ms: 250 });
  assert.deepEqual(parseDistribution("0 .. 2000"), { kind: "uniform", minMs: 0, maxMs: 2_000 });
  const normal = { kind: "normal", meanMs: 200, stddevMs: 50, maxMs: 400 };
  assert.deepEqual(parseDistribution("normal(200, 50)"), normal);
  assert.deepEqual(parseDistribution("normal(200,50,400)"), normal);
});

test("anything else is refused with what is allowed", () => {
  for (const text of [
    "",
    "-1",
    "1.5",
    "1e3",
    "9..1",
    "1..",
    "normal(1)",
    "normal(9,1,5)",
    "normal(1,9,5)",
    "700000",
    "0..700000",
    "2s",
  ]) {
    assert.throws(
      () => parseDistribution(text, "faultDelay"),
      (error) =>
        error instanceof SeaworthyError &&
        error.code === "SW8001" &&
        error.message.includes("faultDelay") &&
        /0\.\.2000 or normal\(200,50\)/.test(error.details.why ?? ""),
      text,
    );
  }
});

test("text of any kind is either read or refused as a setting, never a crash", () => {
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.stringMatching(/^[normal()., 0-9]{0,20}$/)), (text) => {
      try {
        parseDistribution(text);
      } catch (error) {
        assert.ok(error instanceof SeaworthyError);
      }
    }),
  );
});

test("samples stay inside, also where the smallest is the largest", () => {
  fc.assert(
    fc.property(distributions, fc.integer(), (distribution, seed) => {
      const random = seededRandom(seed);
      for (let count = 0; count < 20; count += 1) {
        const ms = sample(distribution, random);
        if (distribution.kind === "fixed") assert.equal(ms, distribution.ms);
        else
          assert.ok(
            ms >= (distribution.kind === "uniform" ? distribution.minMs : 0) && ms <= distribution.maxMs,
          );
      }
    }),
  );
});

test("samples have the mean and the spread that were asked for", () => {
  const count = 20_000;
  function moments(distribution: Distribution): { mean: number; deviation: number } {
    const random = seededRandom(7);
    const drawn = Array.from({ length: count }, () => sample(distribution, random));
    const mean = drawn.reduce((sum, ms) => sum + ms, 0) / count;
    return { mean, deviation: Math.sqrt(drawn.reduce((sum, ms) => sum + (ms - mean) ** 2, 0) / count) };
  }
  const normal = moments({ kind: "normal", meanMs: 200, stddevMs: 50, maxMs: 400 });
  assert.ok(Math.abs(normal.mean - 200) < 2 && Math.abs(normal.deviation - 50) < 1, JSON.stringify(normal));
  const uniform = moments({ kind: "uniform", minMs: 0, maxMs: 2_000 });
  assert.ok(
    Math.abs(uniform.mean - 1_000) < 15 && Math.abs(uniform.deviation - 577) < 10,
    JSON.stringify(uniform),
  );
});

test("the same seed gives the same delays, another seed others", () => {
  const draw = (seed: number): number[] => {
    const random = seededRandom(seed);
    return Array.from({ length: 5 }, () => sample({ kind: "uniform", minMs: 0, maxMs: 2_000 }, random));
  };
  assert.deepEqual(draw(1), draw(1));
  assert.notDeepEqual(draw(1), draw(2));
  assert.equal(new Set(draw(1)).size, 5);
});
