import assert from "node:assert/strict";
import { test } from "node:test";
import type { Outcome } from "@seaworthy/load";
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
