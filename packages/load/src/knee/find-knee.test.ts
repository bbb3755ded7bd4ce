import assert from "node:assert/strict";
import { test } from "node:test";
import { randomBits } from "../plan/seeded.ts";
import { findKnee, type Knee } from "./find-knee.ts";
import type { RateWindow } from "./judge-window.ts";

const seeds = Array.from({ length: 200 }, (_, seed) => seed);
const seconds = 10;
const search = { from: 20, most: 100_000, within: 0.05, objective: { p99Ms: 100 } };

type Service = (rate: number, window: number) => Pick<RateWindow, "p99Ms"> & { readonly capacity: number };

/** Offers rates to a made-up service whose latency is `noise` off, and which stands still for a moment in each twentieth window. */
async function kneeOf(service: Service, seed: number, noise = 0.1): Promise<Knee> {
  const bits = randomBits(seed);
  const random = () => bits() / 2 ** 32;
  let windows = 0;
  const measure = async (rate: number): Promise<RateWindow> => {
    const { p99Ms, capacity } = service(rate, windows);
    windows += 1;
    const stands = random() < 0.05 ? 5 : 1;
    const scheduled = Math.round(rate * seconds);
    const served = Math.min(1, capacity / rate);
    const growth = (rate - rate * served) * random() * 0.1 + (rate - rate * served);
    return {
      scheduled,
      ok: Math.round(scheduled * served),
      failed: 0,
      p99Ms: p99Ms * stands * (1 + noise * (2 * random() - 1)),
      inFlight: Array.from({ length: seconds }, (_, second) => 2 + growth * second + 3 * random()),
      doubt: undefined,
    };
  };
  return await findKnee({ ...search, measure });
}

function assertNear(rate: number, truth: number, seed: number): void {
  assert.ok(Math.abs(rate / truth - 1) <= 0.1, `seed ${seed}: ${rate.toFixed(0)} for ${truth.toFixed(0)}`);
}

/** The time in an M/M/1 queue is exponential, so that its 99th percentile is ln(100) / (capacity - rate). */
const mm1 =
  (capacity: number): Service =>
  (rate) => ({ capacity, p99Ms: rate >= capacity ? 10_000 : (1_000 * Math.log(100)) / (capacity - rate) });

test("a queue: the knee is where its p99 passes the objective, in all seeds", async () => {
  for (const seed of seeds) {
    const capacity = 200 + 37 * seed;
    const truth = capacity - Math.log(100) / 0.1;
    assertNear((await kneeOf(mm1(capacity), seed)).rate, truth, seed);
  }
});

test("a cliff: fast up to its capacity, in all seeds", async () => {
  for (const seed of seeds) {
    const capacity = 90 + 61 * seed;
    const cliff: Service = (rate) => ({ capacity, p99Ms: rate > capacity ? 30_000 : 4 });
    const { rate, limit } = await kneeOf(cliff, seed);
    assertNear(rate, capacity, seed);
    assert.equal(limit, "service");
  }
});

test("a backlog that grows too slowly to be felt in a window is seen nevertheless", async () => {
  for (const seed of seeds) {
    const capacity = 3_000 + seed;
    const { rate } = await kneeOf(() => ({ capacity, p99Ms: 20 }), seed);
    assertNear(rate, capacity, seed);
  }
});

test("a slow leak: a service that gets a little slower with each window", async () => {
  for (const seed of seeds) {
    const capacityIn = (window: number) => 2_000 * (1 - 0.001 * window);
    const { rate, tried } = await kneeOf((each, window) => mm1(capacityIn(window))(each, window), seed);
    assertNear(rate, capacityIn(tried.length) - Math.log(100) / 0.1, seed);
  }
});

test("one that fails requests above its knee, and one that serves nothing", async () => {
  const failing = async (rate: number): Promise<RateWindow> => ({
    scheduled: rate * seconds,
    ok: rate * seconds,
    failed: rate > 700 ? 1 : 0,
    p99Ms: 5,
    inFlight: [1, 1, 1],
    doubt: undefined,
  });
  assertNear((await findKnee({ ...search, measure: failing })).rate, 700, 0);
  const dead = await findKnee({
    ...search,
    measure: async (rate) => ({ ...(await failing(rate)), failed: 1 }),
  });
  assert.equal(dead.rate, 0);
  assert.equal(dead.limit, "service");
});

test("a generator that cannot offer more is no knee of the service", async () => {
  const measure = async (rate: number): Promise<RateWindow> => ({
    scheduled: rate * seconds,
    ok: rate * seconds,
    failed: 0,
    p99Ms: 5,
    inFlight: [1, 1, 1],
    doubt: rate > 5_000 ? "requests were sent late" : undefined,
  });
  const { rate, limit } = await findKnee({ ...search, measure });
  assertNear(rate, 5_000, 0);
  assert.equal(limit, "generator");
  assert.equal((await findKnee({ ...search, most: 1_000, measure })).limit, "most");
});
