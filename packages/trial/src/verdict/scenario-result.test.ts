import assert from "node:assert/strict";
import { test } from "node:test";
import type { Outcome, StreamEnd, StreamReport } from "@seaworthy/load";
import type { AttributionContext } from "../causes/attribute.ts";
import { exampleFacts } from "../testing/example-facts.ts";
import { edgeLosses } from "./edge-losses.ts";
import { judgeScenario } from "./scenario-result.ts";

const context: AttributionContext = {
  timeline: { pods: [], endpoints: [], deployments: [] },
  facts: [exampleFacts],
  services: {},
  edges: ["ingress"],
  edgeRestarts: [{ from: 10_000, until: 22_000 }],
  path: "/",
  journals: [],
  kept: [],
  edgeIdleMs: 60_000,
};

const cut = (client: Outcome["client"], sentAt: number, doneAt: number): Outcome => ({
  class: "reset-before-answer",
  target: "ingress",
  client,
  method: "GET",
  intendedAt: sentAt,
  sentAt,
  doneAt,
  reusedConnection: false,
});

function reportOf(failures: readonly Outcome[]) {
  return {
    scheduled: 100,
    ok: 100 - failures.length,
    failures,
    latency: { p50Ms: 1, p99Ms: 2, p999Ms: 3, maxMs: 4 },
    generator: { lagP99Ms: 1, lagMaxMs: 2, valid: true, why: undefined },
  };
}

test("what went with the edge is counted apart, with the time until it was over, by the kind of client", () => {
  const report = reportOf([cut("new-connection", 10_200, 10_205), cut("keep-alive", 10_900, 10_950)]);
  const { verdict, unavoidable, recoveryMs } = judgeScenario(report, context, undefined);
  assert.deepEqual([verdict, unavoidable, recoveryMs], ["held", 2, 950]);
  assert.match(edgeLosses(report, context) ?? "", /, 1 were of clients that keep .* and 1 of clients/);
});

test("an answer that outlived the edge is the service's own", () => {
  const report = reportOf([cut("keep-alive", 9_000, 20_000)]);
  const { verdict, why, unavoidable } = judgeScenario(report, context, undefined);
  assert.deepEqual([verdict, why, unavoidable], ["leaking", "1 of 100 requests were lost", 0]);
  assert.equal(edgeLosses(report, context), undefined);
});

test("what was lost while others had the processors proves nothing; what a closed port lost then counts", () => {
  const crowded = [{ from: 29_000, until: 33_000, othersShare: 0.614 }];
  const late = {
    ...cut("keep-alive", 30_000, 32_000),
    target: "service",
    class: "response-timeout" as const,
  };
  const alone = judgeScenario(reportOf([late, late]), { ...context, crowded }, undefined);
  assert.equal(alone.verdict, "invalid");
  assert.match(alone.why ?? "", /^2 of 100 requests were lost while other programs had up to 61 % of /);
  const refused = { ...late, class: "refused" as const };
  const both = judgeScenario(reportOf([late, refused]), { ...context, crowded }, undefined);
  assert.deepEqual([both.verdict, both.why], ["leaking", "1 of 100 requests were lost"]);
});

const held: StreamReport = {
  kind: "websocket",
  target: "service",
  path: "/ws",
  connections: 2,
  opened: 3,
  announced: 0,
  broken: 1,
  refused: 0,
  refusal: undefined,
  longestWithoutMs: 20,
};
const broken: StreamEnd = {
  kind: "websocket",
  target: "service",
  path: "/ws",
  end: "broken",
  detail: "ECONNRESET",
  openedAt: 1_000,
  endedAt: 9_000,
  withoutMs: 20,
};
const late = {
  ...reportOf([cut("keep-alive", 8_000, 8_010)]),
  generator: { lagP99Ms: 80, lagMaxMs: 90, valid: false, why: "requests were sent late" },
};

test("a stream that was cut is a leak though the load was late, which cuts none", () => {
  const report = { ...late, streams: [held], streamEnds: [broken] };
  const { verdict, why } = judgeScenario(report, context, undefined);
  assert.equal(verdict, "leaking");
  assert.equal(why, "2 streams: 0 ended with an announcement, 1 broken");
});

test("a late load proves nothing where its streams fell silent, or went with the edge, or nothing was held", () => {
  const silent = { ...broken, detail: "silent for 10 s" };
  const withEdge = { ...broken, target: "ingress", endedAt: 10_500 };
  for (const load of [
    { streams: [held], streamEnds: [silent] },
    { streams: [{ ...held, target: "ingress" }], streamEnds: [withEdge] },
    {},
  ]) {
    const { verdict, why } = judgeScenario({ ...late, ...load }, context, undefined);
    assert.deepEqual([verdict, why], ["invalid", "requests were sent late"]);
  }
});

test("streams that went with the edge count against nobody", () => {
  const streams = [{ ...held, target: "ingress" }];
  const streamEnds = [{ ...broken, target: "ingress", endedAt: 10_500 }];
  const { verdict } = judgeScenario({ ...reportOf([]), streams, streamEnds }, context, undefined);
  assert.equal(verdict, "held");
});
