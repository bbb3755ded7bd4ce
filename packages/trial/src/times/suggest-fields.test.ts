import assert from "node:assert/strict";
import { test } from "node:test";
import { type Deployment, parseYaml } from "@seaworthy/kube";
import * as fc from "fast-check";
import { exampleFacts } from "../testing/example-facts.ts";
import type { Measured, MeasuredTimes } from "./measure-times.ts";
import { editsOf, patchText } from "./patch-text.ts";
import { suggestFields } from "./suggest-fields.ts";

const six = (longestMs: number, shortestMs = longestMs): Measured => ({ pods: 6, shortestMs, longestMs });

const usual: MeasuredTimes = {
  facts: exampleFacts,
  ends: 6,
  withdrawn: six(1_400),
  servedOn: six(20),
  drained: six(20),
  killed: undefined,
  started: six(900),
  routed: six(300),
  idleMs: undefined,
  edgeIdleMs: 60_000,
  longestAnswerMs: 25,
  isStandIn: false,
};

const deployment: Deployment = {
  apiVersion: "apps/v1",
  kind: "Deployment",
  metadata: { name: "shop" },
  spec: {
    selector: { matchLabels: { app: "shop" } },
    template: { metadata: {}, spec: { containers: [{ name: "shop", image: "shop" }] } },
  },
};

const valuesOf = (times: MeasuredTimes, minReadySeconds = 0) =>
  Object.fromEntries(
    suggestFields(times, minReadySeconds).suggestions.map(({ name, value }) => [name, value]),
  );

test("each field follows from what was measured", () => {
  assert.deepEqual(valuesOf(usual), {
    "preStop.sleep.seconds": 5,
    terminationGracePeriodSeconds: 15,
    minReadySeconds: 5,
  });
  assert.deepEqual(valuesOf({ ...usual, withdrawn: six(7_100), drained: six(12_300), idleMs: 5_000 }), {
    "preStop.sleep.seconds": 10,
    terminationGracePeriodSeconds: 10 + 13 + 1,
    minReadySeconds: 5,
    "keep-alive": 65_000,
  });
});

test("an app that serves on after SIGTERM waits by itself, if it does so in every pod", () => {
  assert.equal(valuesOf({ ...usual, servedOn: six(9_000, 6_500) })["preStop.sleep.seconds"], 0);
  assert.equal(valuesOf({ ...usual, servedOn: six(9_000, 20) })["preStop.sleep.seconds"], 5);
});

test("what was measured too seldom is not computed, and it says so", () => {
  const { suggestions, missing } = suggestFields(
    { ...usual, withdrawn: { ...six(1_400), pods: 2 }, routed: undefined, drained: undefined },
    0,
  );
  assert.deepEqual(
    suggestions.map(({ name }) => name),
    ["terminationGracePeriodSeconds"],
  );
  assert.equal(missing.length, 3);
  assert.match(missing[0]!, /^preStop.sleep.seconds: only 2 pod ends could be measured, and it takes 6/);
  assert.match(missing[1]!, /^the drain .*no end of a process could be seen; 10 s are allowed/);
  assert.match(missing[2]!, /^minReadySeconds: .*x-pod-name$/);
  assert.match(suggestFields({ ...usual, drained: undefined, isStandIn: true }, 0).missing[0]!, /stand-in/);
});

test("the patch is a strategic merge with its arithmetic, and holds what the edits write", () => {
  const times = { ...usual, withdrawn: six(7_100), drained: six(40_000) };
  const fields = suggestFields(times, 0);
  const text = patchText(deployment, exampleFacts, fields);
  assert.deepEqual(parseYaml(text).value, {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name: "shop" },
    spec: {
      minReadySeconds: 5,
      template: {
        spec: {
          containers: [{ name: "shop", lifecycle: { preStop: { sleep: { seconds: 10 } } } }],
          terminationGracePeriodSeconds: 51,
        },
      },
    },
  });
  assert.match(
    text,
    /^# Deployment shop\n# {3}preStop.sleep.seconds: 10 s, today 0 s\n# {5}max\(5 s, 8 s \+ 2 s\) = 10 s;/,
  );
  assert.deepEqual(
    editsOf(fields).map(({ path }) => path.at(-1)),
    ["preStop", "terminationGracePeriodSeconds", "minReadySeconds"],
  );
});

test("a command that only waits makes way, and one that does more is left to its owner", () => {
  const waits = { ...exampleFacts, preStop: { kind: "exec", seconds: 2, stopsAppAfter: undefined } } as const;
  const fields = suggestFields({ ...usual, facts: waits }, 5);
  assert.match(patchText(deployment, waits, fields), /preStop:\n +exec: null\n +sleep:\n/);
  const script = {
    ...exampleFacts,
    preStop: { kind: "exec", seconds: undefined, stopsAppAfter: undefined },
  } as const;
  const own = suggestFields({ ...usual, facts: script }, 5);
  assert.deepEqual(editsOf(own), []);
  assert.match(
    patchText(deployment, script, own),
    /today not known: left to you\n[^]*nothing is to be changed/,
  );
});

const ms = fc.integer({ min: 0, max: 120_000 });
const measured = fc.option(
  fc.record({ pods: fc.integer({ min: 1, max: 30 }), shortestMs: ms, longestMs: ms }),
  { nil: undefined },
);
const anyTimes = fc.record({
  withdrawn: measured,
  servedOn: measured,
  drained: measured,
  killed: measured,
  routed: measured,
  longestAnswerMs: ms,
});

test("the grace covers preStop and drain, and longer times never give shorter values", () => {
  fc.assert(
    fc.property(anyTimes, fc.integer({ min: 0, max: 30_000 }), (some, more) => {
      const times: MeasuredTimes = { ...usual, ...some };
      const values = valuesOf(times);
      const grace = values["terminationGracePeriodSeconds"]!;
      const hook = values["preStop.sleep.seconds"] ?? 0;
      assert.ok(grace * 1000 >= hook * 1000 + (some.drained?.longestMs ?? 0) + 1);
      assert.ok(grace > hook, "the API server wants the hook to be shorter");
      const longer = (time: Measured | undefined) =>
        time && { ...time, longestMs: time.longestMs + more, shortestMs: time.shortestMs };
      const later = valuesOf({
        ...times,
        withdrawn: longer(some.withdrawn),
        drained: longer(some.drained),
        routed: longer(some.routed),
        longestAnswerMs: some.longestAnswerMs + more,
      });
      for (const [name, value] of Object.entries(values)) assert.ok(later[name]! >= value, name);
    }),
  );
});
