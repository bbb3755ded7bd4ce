import assert from "node:assert/strict";
import { describe, it } from "node:test";
import * as fc from "fast-check";
import type { LoadPlan } from "./plan.ts";
import { schedule } from "./schedule.ts";
import { examplePlan } from "./testing/example-plan.ts";

const plans = fc
  .record({
    targets: fc.integer({ min: 1, max: 4 }),
    clients: fc.constantFrom<LoadPlan["clients"]>(
      ["keep-alive"],
      ["new-connection"],
      ["keep-alive", "new-connection"],
    ),
    methods: fc.constantFrom<LoadPlan["methods"]>(["GET"], ["GET", "POST"]),
    ratePerSecond: fc.double({ min: 0.5, max: 20_000, noNaN: true }),
    seed: fc.maxSafeInteger(),
    maxDurationMs: fc.integer({ min: 1, max: 100_000 }),
  })
  .map(({ targets, ...rest }) => {
    const [target] = examplePlan().targets;
    assert.ok(target);
    return examplePlan({
      ...rest,
      targets: Array.from({ length: targets }, (_, i) => ({ ...target, name: `t${i}` })),
    });
  });

const labels = (plan: LoadPlan, count: number): string[] => {
  const { slot } = schedule(plan);
  return Array.from(
    { length: count },
    (_, i) => `${slot(i).target.name} ${slot(i).client} ${slot(i).method}`,
  );
};

describe("schedule", () => {
  it("gives every combination its equal share in every beginning of a run, to within one", () => {
    fc.assert(
      fc.property(plans, fc.integer({ min: 1, max: 300 }), (plan, count) => {
        const combinations = plan.targets.length * plan.clients.length * plan.methods.length;
        const counts = new Map<string, number>();
        for (const label of labels(plan, count)) counts.set(label, (counts.get(label) ?? 0) + 1);
        const most = Math.max(...counts.values());
        const least = counts.size < combinations ? 0 : Math.min(...counts.values());
        assert.ok(most - least <= 1, `${least} to ${most}`);
      }),
    );
  });

  it("has intended times that rise evenly, without drift, and all within the run", () => {
    fc.assert(
      fc.property(plans, fc.nat(1_000_000), (plan, i) => {
        const { intendedOffsetMs, total } = schedule(plan);
        const gap = 1000 / plan.ratePerSecond;
        assert.ok(intendedOffsetMs(i + 1) > intendedOffsetMs(i));
        assert.ok(Math.abs(intendedOffsetMs(i) - i * gap) <= 1e-6 * Math.max(1, i * gap));
        if (total > 0) assert.ok(intendedOffsetMs(total - 1) < plan.maxDurationMs);
      }),
    );
  });

  it("is the same for the same seed in any order of asking, and another for another seed", () => {
    const two = examplePlan({ targets: [...examplePlan().targets, ...examplePlan().targets] });
    const { slot } = schedule(two);
    const backwards = Array.from({ length: 100 }, (_, i) => slot(99 - i)).reverse();
    const again = schedule(two);
    for (const [i, found] of backwards.entries()) assert.deepEqual(found, again.slot(i));
    assert.notDeepEqual(labels({ ...two, seed: 8 }, 100), labels(two, 100));
  });

  it("orders one block unlike the next, so that it keeps step with nothing that takes turns", () => {
    const all = labels(examplePlan(), 80);
    const blocks = new Set(Array.from({ length: 20 }, (_, i) => all.slice(4 * i, 4 * i + 4).join()));
    assert.ok(blocks.size > 5, `only ${blocks.size} orders`);
  });

  it("gives every request a token of its own", () => {
    const { token } = schedule(examplePlan());
    assert.equal(new Set(Array.from({ length: 5_000 }, (_, i) => token(i))).size, 5_000);
  });
});
