import assert from "node:assert/strict";
import { describe, it } from "node:test";
import * as fc from "fast-check";
import { createPlan, type PlanOptions } from "./create-plan.ts";
import type { LoadPlan, Pace, Stage } from "./plan.ts";
import { type Schedule, schedule } from "./schedule.ts";

const weight = fc.integer({ min: 1, max: 5 });
const rate = fc.oneof(fc.constant(0), fc.double({ min: 0.5, max: 400, noNaN: true }));
const stages = fc.array(
  fc.record({ fromRate: rate, toRate: rate, durationMs: fc.integer({ min: 1, max: 2_000 }) }),
  { minLength: 1, maxLength: 4 },
);
const plans = fc
  .record({
    targets: fc.array(weight, { minLength: 1, maxLength: 4 }),
    requests: fc.array(weight, { minLength: 1, maxLength: 3 }),
    clients: fc.constantFrom<LoadPlan["clients"]>(
      ["keep-alive"],
      ["new-connection"],
      ["keep-alive", "max-age", "max-uses"],
    ),
    arrivals: fc.constantFrom("constant" as const, "poisson" as const),
    stages,
    seed: fc.maxSafeInteger(),
    maxRequests: fc.option(fc.integer({ min: 1, max: 1_000 }), { nil: undefined }),
  })
  .map(({ targets, requests, clients, arrivals, stages, seed, maxRequests }) =>
    planOf({
      targets: targets.map((weight, i) => ({ ...aTarget, name: `t${i}`, weight })),
      requests: requests.map((weight, i) => ({ method: `M${i}`, weight })),
      clients,
      pace: { kind: "open", arrivals, stages },
      seed,
      ...(maxRequests === undefined ? {} : { maxRequests }),
    }),
  );

const aTarget = {
  name: "service",
  via: { kind: "tcp", host: "127.0.0.1", port: 8080 },
  hostHeader: "shop.example",
  path: "/",
} as const;

function planOf(changes: Partial<PlanOptions> = {}): LoadPlan {
  return createPlan({ targets: [aTarget], pace: steady(100, 1_000), ...changes });
}

function steady(rate: number, durationMs: number, arrivals: "constant" | "poisson" = "constant"): Pace {
  return { kind: "open", arrivals, stages: [{ fromRate: rate, toRate: rate, durationMs }] };
}

interface Due {
  readonly i: number;
  readonly dueMs: number;
}

/** What one worker sends. */
function walk({ cursor }: Schedule, worker = 0, workers = 1, limit = Number.POSITIVE_INFINITY): Due[] {
  const all: Due[] = [];
  for (
    const at = cursor(worker, workers);
    at.dueMs < Number.POSITIVE_INFINITY && all.length < limit;
    at.next()
  ) {
    all.push({ i: at.i, dueMs: at.dueMs });
  }
  return all;
}

function labels(plan: LoadPlan, count: number): string[] {
  const { slot } = schedule(plan);
  return Array.from({ length: count }, (_, i) => {
    const { target, client, request } = slot(i);
    return `${target.name} ${client} ${request.method}`;
  });
}

function tally(labels: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const label of labels) counts.set(label, (counts.get(label) ?? 0) + 1);
  return counts;
}

describe("the times of a schedule", () => {
  it("are the same however many workers share them, and never decrease", () => {
    fc.assert(
      fc.property(plans, fc.integer({ min: 2, max: 7 }), (plan, workers) => {
        const whole = schedule(plan);
        const alone = walk(whole);
        const shared = Array.from({ length: workers }, (_, worker) => walk(whole, worker, workers));
        for (const [worker, part] of shared.entries()) {
          assert.ok(part.every(({ i }) => i % workers === worker));
        }
        assert.deepEqual(
          shared.flat().sort((a, b) => a.i - b.i),
          alone,
        );
        for (const [n, { i, dueMs }] of alone.entries()) {
          assert.equal(i, n);
          assert.ok(dueMs >= (alone[n - 1]?.dueMs ?? 0));
          if (plan.maxRequests === undefined) assert.ok(dueMs <= whole.durationMs);
        }
      }),
    );
  });

  it("put into every stage the requests that its rates promise, to within one", () => {
    const constant = plans.filter(({ pace }) => pace.kind === "open" && pace.arrivals === "constant");
    fc.assert(
      fc.property(constant, (plan) => {
        const { pace } = plan;
        assert.ok(pace.kind === "open");
        const { maxRequests: _, ...unlimited } = plan;
        const all = walk(schedule(unlimited));
        assert.equal(schedule(unlimited).total, all.length);
        let fromMs = 0;
        for (const stage of pace.stages) {
          const toMs = fromMs + stage.durationMs;
          const met = all.filter(({ dueMs }) => dueMs >= fromMs && dueMs < toMs).length;
          assert.ok(Math.abs(met - promised(stage)) <= 1 + 1e-6, `${met}, not ${promised(stage)}`);
          fromMs = toMs;
        }
      }),
    );
  });

  it("end with maxRequests, and the rate stays what it was", () => {
    const { total, intendedRate, durationMs, ...rest } = schedule(planOf({ maxRequests: 50 }));
    assert.deepEqual([total, intendedRate, durationMs], [50, 100, 500]);
    assert.equal(walk({ total, intendedRate, durationMs, ...rest }).length, 50);
    const poisson = schedule(planOf({ pace: steady(100, 1_000, "poisson"), maxRequests: 50 }));
    assert.deepEqual([poisson.total, walk(poisson).length], [50, 50]);
  });

  it("are the multiples of the gap at a constant rate, without drift", () => {
    const { cursor, total } = schedule(planOf({ pace: steady(300, 86_400_000) }));
    assert.equal(total, 25_920_000);
    const at = cursor(total - 1, total);
    assert.equal(at.dueMs, ((total - 1) * 1000) / 300);
    at.next();
    assert.equal(at.dueMs, Number.POSITIVE_INFINITY);
  });

  it("have exponential gaps for Poisson arrivals: their mean, variance and share above the mean are those of the law", () => {
    for (const seed of [1, 2, 3]) {
      const all = walk(schedule(planOf({ seed, pace: steady(1_000, 1e6, "poisson") })), 0, 1, 100_000);
      const gaps = all.map(({ dueMs }, n) => dueMs - (all[n - 1]?.dueMs ?? 0));
      const mean = gaps.reduce((sum, gap) => sum + gap, 0) / gaps.length;
      const variance = gaps.reduce((sum, gap) => sum + (gap - mean) ** 2, 0) / gaps.length;
      const above = gaps.filter((gap) => gap > 1).length / gaps.length;
      // Four standard errors of 100,000 gaps.
      assert.ok(Math.abs(mean - 1) < 0.0127, `mean ${mean}`);
      assert.ok(Math.abs(variance - 1) < 0.036, `variance ${variance}`);
      assert.ok(Math.abs(above - Math.exp(-1)) < 0.0061, `above the mean ${above}`);
    }
  });

  it("follow a ramp with Poisson arrivals too", () => {
    const ramp: Stage = { fromRate: 0, toRate: 2_000, durationMs: 10_000 };
    const all = walk(schedule(planOf({ pace: { kind: "open", arrivals: "poisson", stages: [ramp] } })));
    const half = all.filter(({ dueMs }) => dueMs < 5_000).length;
    // Five standard deviations around 10,000 and 2,500.
    assert.ok(Math.abs(all.length - 10_000) < 500, `${all.length} in all`);
    assert.ok(Math.abs(half - 2_500) < 250, `${half} in the first half`);
  });

  it("are the same for the same seed, and others for another", () => {
    const times = (seed: number): Due[] =>
      walk(schedule(planOf({ seed, pace: steady(100, 1_000, "poisson") })));
    assert.deepEqual(times(5), times(5));
    assert.notDeepEqual(times(5), times(6));
    assert.notDeepEqual(times(5), times(5 + 2 ** 40));
    assert.notDeepEqual(times(5), times(-5));
  });

  it("are all at once in a closed loop, with an end only when one is given", () => {
    const pace: Pace = { kind: "closed", concurrency: 4, durationMs: 9_000 };
    const { total, intendedRate, durationMs } = schedule(planOf({ pace }));
    assert.deepEqual([total, intendedRate, durationMs], [Number.POSITIVE_INFINITY, undefined, 9_000]);
    const limited = schedule(planOf({ pace, maxRequests: 5 }));
    assert.deepEqual(walk(limited, 1, 2), [
      { i: 1, dueMs: 0 },
      { i: 3, dueMs: 0 },
    ]);
    assert.equal(limited.total, 5);
  });
});

describe("the requests of a schedule", () => {
  it("hold every combination as often as its weight says, in every block", () => {
    fc.assert(
      fc.property(plans, fc.nat(10), (plan, block) => {
        const { combinations } = schedule(plan);
        const weights = combinations.map(
          ({ target, request }) => (target.weight ?? 1) * (request.weight ?? 1),
        );
        const shared = [5, 4, 3, 2, 1].flatMap((a) => [a * 5, a * 4, a * 3, a * 2, a]).sort((a, b) => b - a);
        const divisor = shared.find((d) => weights.every((weight) => weight % d === 0)) ?? 1;
        const size = weights.reduce((sum, weight) => sum + weight, 0) / divisor;
        const { slot } = schedule(plan);
        const met = Array<number>(combinations.length).fill(0);
        for (let n = 0; n < size; n++) {
          const { index } = slot(block * size + n);
          met[index] = (met[index] ?? 0) + divisor;
        }
        assert.deepEqual(met, weights);
      }),
    );
  });

  it("share equally in every beginning of a run when there are no weights, to within one", () => {
    const requests = [{ method: "GET" }, { method: "POST" }];
    const plan = planOf({ requests, clients: ["keep-alive", "new-connection"] });
    for (let count = 4; count < 100; count++) {
      const counts = [...tally(labels(plan, count)).values()];
      assert.ok(counts.length === 4 && Math.max(...counts) - Math.min(...counts) <= 1);
    }
  });

  it("of a method go only to the targets that take it, and a weight makes up for the rest", () => {
    const requests = [{ method: "GET" }, { method: "POST" }];
    const targets = [
      { ...aTarget, name: "both" },
      { ...aTarget, name: "reads", methods: ["GET"], weight: 2 },
      { ...aTarget, name: "writes", methods: ["POST"], weight: 2 },
    ];
    const { slot, combinations } = schedule(planOf({ requests, targets }));
    const counts = new Map<string, number>();
    for (let i = 0; i < 600; i++) {
      const { target, request } = slot(i);
      const key = `${target.name} ${request.method}`;
      counts.set(key, (counts.get(key) ?? 0) + 1);
    }
    assert.equal(combinations.length, 4);
    assert.deepEqual(Object.fromEntries(counts), {
      "both GET": 100,
      "both POST": 100,
      "reads GET": 200,
      "writes POST": 200,
    });
  });

  it("are the same for the same seed in any order of asking, and others for another seed", () => {
    fc.assert(
      fc.property(plans, fc.array(fc.nat(1_000)), (plan, asked) => {
        const { slot } = schedule(plan);
        const fresh = schedule(plan);
        for (const i of asked) assert.deepEqual(slot(i), fresh.combinations[schedule(plan).slot(i).index]);
      }),
    );
    const two = planOf({ clients: ["keep-alive", "new-connection"] });
    assert.notDeepEqual(labels({ ...two, seed: 8 }, 100), labels(two, 100));
  });

  it("come in another order in one block than in the next, so that they keep step with nothing that takes turns", () => {
    const requests = [{ method: "GET" }, { method: "POST" }];
    const all = labels(planOf({ requests, clients: ["keep-alive", "new-connection"] }), 80);
    const blocks = new Set(Array.from({ length: 20 }, (_, i) => all.slice(4 * i, 4 * i + 4).join()));
    assert.ok(blocks.size > 5, `only ${blocks.size} orders`);
  });

  it("have a token and a UUID each, the same for the same seed", () => {
    const { token, uuid } = schedule(planOf());
    const again = schedule(planOf());
    const far = 2 ** 33;
    const all = Array.from({ length: 5_000 }, (_, i) => (i % 2 ? i : far + i));
    assert.equal(new Set(all.map(token)).size, 5_000);
    assert.equal(new Set(all.map(uuid)).size, 5_000);
    for (const i of all) {
      assert.match(uuid(i), /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
      assert.deepEqual([token(i), uuid(i)], [again.token(i), again.uuid(i)]);
    }
    assert.notEqual(schedule(planOf({ seed: 2 })).token(1), token(1));
    assert.notEqual(uuid(1), uuid(1 + 2 ** 32));
  });
});

function promised({ fromRate, toRate, durationMs }: Stage): number {
  return ((fromRate + toRate) * durationMs) / 2000;
}
