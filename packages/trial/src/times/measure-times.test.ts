import assert from "node:assert/strict";
import { test } from "node:test";
import type { Answers } from "@seaworthy/load";
import type { AttributionContext } from "../causes/attribute.ts";
import { exampleFacts } from "../testing/example-facts.ts";
import { exampleJournal } from "../testing/example-journal.ts";
import { examplePod } from "../testing/example-pod.ts";
import { measureTimes, type TimedLoad } from "./measure-times.ts";

/** The pod `old` goes at 10 s and the pod `new` comes at 8 s, is ready at 9 s, and answers from 9.4 s on. */
const context: AttributionContext = {
  timeline: {
    pods: [
      examplePod({ deletionSeenAt: 10_000, goneAt: 12_500 }),
      examplePod({ name: "new", ip: "10.0.0.2", seenAt: 8_000, ready: [{ at: 9_000, ready: true }] }),
    ],
    endpoints: [
      {
        at: 10_100,
        namespace: "default",
        service: "shop",
        ready: ["10.0.0.2"],
        terminating: ["10.0.0.1"],
      },
    ],
    deployments: [],
  },
  journals: [exampleJournal({ closedAt: 10_900, end: { at: 12_300, exitCode: 0, by: "itself" } })],
  kept: [],
  edgeIdleMs: 60_000,
  facts: [exampleFacts],
  services: {},
  edges: [],
  path: "/",
};

/** Answers of `old` (1) and `new` (2); the last of `old` comes on a connection that was kept. */
const answers: Answers = {
  names: ["old", "new"],
  dueMs: [2_000, 8_400, 10_200, 11_700],
  latencyMs: [3, 3, 3, 3],
  by: [1, 2, 1, 1],
  reused: [false, false, false, true],
};

const load: TimedLoad = {
  startedAt: 1_000,
  endedAt: 20_000,
  ok: 4,
  answers,
  failures: [],
  latency: { maxMs: 40 },
};

const one = (ms: number) => ({ pods: 1, shortestMs: ms, longestMs: ms });

test("the times of pods are read from answers, EndpointSlices and journals", () => {
  const [times] = measureTimes([exampleFacts], [load], context);
  assert.deepEqual(times, {
    facts: exampleFacts,
    ends: 1,
    withdrawn: one(1_200),
    servedOn: one(900),
    drained: one(2_300),
    killed: undefined,
    started: one(1_000),
    routed: one(400),
    idleMs: undefined,
    edgeIdleMs: 60_000,
    longestAnswerMs: 40,
    isStandIn: false,
  });
});

test("what was not seen is not guessed: unnamed answers, answers that were not kept, killed pods, stand-ins", () => {
  const first = (loads: readonly TimedLoad[], seen: Partial<AttributionContext> = {}) =>
    measureTimes([exampleFacts], loads, { ...context, ...seen })[0]!;
  const unnamed = { ...answers, names: [], by: [0, 0, 0, 0] };
  assert.equal(first([{ ...load, answers: unnamed }]).withdrawn, undefined);
  assert.equal(first([{ ...load, ok: 1_000_000 }]).withdrawn, undefined);
  assert.equal(first([load], { harms: new Map([["old", { cause: "pod-killed", from: 10_000 }]]) }).ends, 0);
  const standIn = first([load], { journals: [exampleJournal({ standIn: true })] });
  assert.deepEqual([standIn.isStandIn, standIn.drained, standIn.servedOn], [true, undefined, undefined]);
});

test("without journals a container's end and its exit code tell of the drain, or of the kill", () => {
  const ending = (exitCode: number) => {
    const ends = [{ container: "shop", at: 13_000, exitCode, reason: undefined }];
    const pods = [examplePod({ deletionSeenAt: 10_000, goneAt: 13_200, ends })];
    const timeline = { ...context.timeline, pods };
    return measureTimes([exampleFacts], [load], { ...context, timeline, journals: [] })[0]!;
  };
  assert.deepEqual([ending(0).drained, ending(0).killed], [one(3_000), undefined]);
  assert.deepEqual([ending(137).drained, ending(137).killed], [undefined, one(3_000)]);
});
