import assert from "node:assert/strict";
import { test } from "node:test";
import type { SizeWindow } from "./size-result.ts";
import { unknownThings, type SizeEvidence } from "./unknown-things.ts";

const window: SizeWindow = {
  ratePerSecond: 1_000,
  pods: 1,
  served: true,
  why: null,
  p99Ms: 20,
  cores: 0.95,
  peakBytes: 2 ** 26,
  throttledShare: null,
};

const large: SizeEvidence = {
  knee: { rate: 1_000, limit: "service" },
  windows: [window],
  several: [
    { pods: 2, ratePerSecond: 2_000, share: 1 },
    { pods: 4, ratePerSecond: 4_000, share: 1 },
  ],
  machine: { cores: 16, model: "a processor" },
  standIns: [],
  podProcessors: undefined,
  rate: 5_000,
};

const told = (evidence: Partial<SizeEvidence>) => unknownThings({ ...large, ...evidence }).join("\n");

test("a small machine, a search that something else ended, and stand-ins are told of", () => {
  assert.doesNotMatch(told({}), /load generator|four pods|whole core|stand-ins|--rate/);
  const small = told({ machine: { cores: 2, model: "a processor" }, several: [] });
  assert.match(small, /shared its cores with the load generator/);
  const parted = told({ machine: { cores: 2, model: "a processor" }, several: [], podProcessors: 1 });
  assert.doesNotMatch(parted, /shared its cores/);
  assert.match(parted, /2 cores of a processor, of which pods had 1 for themselves/);
  assert.match(small, /whether 2 pods serve twice as much/);
  assert.match(told({ knee: { rate: 1_000, limit: "generator" } }), /could not offer more/);
  assert.match(told({ standIns: ["redis:7"] }), /real redis:7/);
  assert.match(told({ rate: undefined }), /--rate/);
});

test("a pod that was never busy was held up by something else", () => {
  assert.match(told({ windows: [{ ...window, cores: 0.3 }] }), /never used more than 0.30/);
});

test("a CPU limit that was met is the knee's cause, and one that was not in force is not known", () => {
  assert.match(told({}), /how a CPU limit would act/);
  assert.match(told({ windows: [{ ...window, throttledShare: 0.2 }] }), /the knee is the limit's/);
  assert.doesNotMatch(told({ windows: [{ ...window, throttledShare: 0 }] }), /CPU limit/);
});
