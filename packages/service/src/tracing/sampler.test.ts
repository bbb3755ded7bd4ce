import assert from "node:assert/strict";
import { test } from "node:test";
import * as fc from "fast-check";
import { createSampler } from "./sampler.ts";
import { readTraceContext } from "./trace-context.ts";
import { newSpanId, newTraceId, positionOf } from "./trace-ids.ts";

const traceId = "4bf92f3577b34da6a3ce929d0e0e4736";
const spanId = "00f067aa0ba902b7";
const sampled = readTraceContext({ traceparent: `00-${traceId}-${spanId}-01` });
const unsampled = readTraceContext({ traceparent: `00-${traceId}-${spanId}-00` });
const deferred = readTraceContext({ b3: `${traceId}-${spanId}` });
const acceptOnly = readTraceContext({ b3: "1" });
const denyOnly = readTraceContext({ b3: "0" });

const steps = 2 ** 32;
const someDraw = fc.nat(steps - 1).map((step) => step / steps);
const never = (): number => assert.fail("a random number was drawn");

test("with a parent-based sampler the caller decides", () => {
  for (const ratio of [0, 1]) {
    const { traceIdFor } = createSampler({ parentBased: true, ratio }, Math.random);
    assert.equal(traceIdFor(sampled), traceId);
    assert.equal(traceIdFor(unsampled), undefined);
    assert.match(traceIdFor(acceptOnly) ?? "", /^[\da-f]{32}$/);
    assert.equal(traceIdFor(denyOnly), undefined);
    assert.equal(traceIdFor(deferred), ratio === 1 ? traceId : undefined);
    assert.equal(traceIdFor(undefined) === undefined, ratio === 0);
  }
});

test("with another sampler the caller's decision does not count", () => {
  const on = createSampler({ parentBased: false, ratio: 1 }, Math.random);
  const off = createSampler({ parentBased: false, ratio: 0 }, Math.random);
  for (const remote of [sampled, unsampled, deferred]) {
    assert.deepEqual([on.traceIdFor(remote), off.traceIdFor(remote)], [traceId, undefined]);
  }
  for (const remote of [undefined, acceptOnly, denyOnly]) {
    assert.match(on.traceIdFor(remote) ?? "", /^[\da-f]{32}$/);
    assert.equal(off.traceIdFor(remote), undefined);
  }
});

test("one number is drawn for a trace that is not recorded, and none when others have decided", () => {
  let draws = 0;
  const random = (): number => ((draws += 1), 0.5);
  assert.equal(createSampler({ parentBased: true, ratio: 0.1 }, random).traceIdFor(undefined), undefined);
  assert.equal(draws, 1);
  const { traceIdFor } = createSampler({ parentBased: true, ratio: 0.1 }, never);
  assert.deepEqual(
    [traceIdFor(sampled), traceIdFor(unsampled), traceIdFor(deferred)],
    [traceId, undefined, undefined],
  );
});

test("a trace is recorded everywhere or nowhere at one ratio, and more so at a higher one", () => {
  const someRatio = fc.nat(1_000).map((thousandths) => thousandths / 1_000);
  fc.assert(
    fc.property(fc.infiniteStream(someDraw), someRatio, someRatio, (draws, one, other) => {
      const random = (): number => draws.next().value;
      const ratio = Math.min(one, other);
      const made = createSampler({ parentBased: true, ratio }, random).traceIdFor(undefined);
      if (made === undefined) return;
      for (const elsewhere of [ratio, Math.max(one, other)]) {
        const sampler = createSampler({ parentBased: false, ratio: elsewhere }, never);
        assert.ok(sampler.records(made, undefined));
        assert.equal(sampler.traceIdFor(readTraceContext({ b3: `${made}-${spanId}` })), made);
      }
    }),
  );
});

test("the ratio is the share of traces that are recorded", () => {
  for (const ratio of [0, 0.25, 1]) {
    const draws = Array.from({ length: 1_000 }, (_, index) => index / 1_000);
    const recorded = draws.filter((draw) =>
      createSampler({ parentBased: true, ratio }, () => draw).traceIdFor(undefined),
    );
    assert.equal(recorded.length, ratio * 1_000);
  }
});

test("ids have their length, are never zero, and a trace id keeps its position", () => {
  fc.assert(
    fc.property(someDraw, someDraw, (draw, position) => {
      const made = newTraceId(() => draw, position);
      assert.match(made, /^[\da-f]{32}$/);
      assert.equal(positionOf(made), position);
      assert.match(
        newSpanId(() => draw),
        /^[\da-f]{16}$/,
      );
    }),
  );
  assert.equal(
    newTraceId(() => 0),
    "1".padStart(32, "0"),
  );
  assert.equal(
    newSpanId(() => 0),
    "1".padStart(16, "0"),
  );
  assert.equal(
    newTraceId(() => 1 - 2 ** -53),
    "f".repeat(32),
  );
});
