import assert from "node:assert/strict";
import { test } from "node:test";
import type { PodLife } from "../timeline/timeline.ts";
import { aftermathMs } from "./aftermath.ts";

const pod = (deletionSeenAt: number, goneAt: number | undefined): PodLife => ({
  uid: `${deletionSeenAt}`,
  namespace: "default",
  name: "shop-1",
  deployment: "shop",
  revision: "a",
  seenAt: 0,
  ip: "10.244.0.5",
  node: "node-1",
  ready: [],
  deletionSeenAt,
  graceSeconds: 30,
  ends: [],
  goneAt,
});

test("a pod that went at once is still in an edge's list: the whole period from its end", () => {
  assert.equal(aftermathMs([pod(10_000, 10_100)], 10_200), 4_800);
});

test("a pod that took longer than the period to go: until the connections are used again", () => {
  assert.equal(aftermathMs([pod(10_000, 15_400)], 15_500), 900);
  assert.equal(aftermathMs([pod(10_000, 15_400)], 20_000), 0);
});

test("the last of several decides", () => {
  assert.equal(aftermathMs([pod(10_000, 15_400), pod(14_000, 14_100)], 15_500), 3_500);
});

test("where nothing ended, or something has not, the whole period", () => {
  assert.equal(aftermathMs([], 20_000), 5_000);
  assert.equal(aftermathMs([pod(10_000, 15_400), pod(11_000, undefined)], 20_000), 5_000);
});
