import assert from "node:assert/strict";
import { test } from "node:test";
import type { Outcome } from "@seaworthy/load";
import { makeVerdict, type TrialLoad, type VerdictInput } from "./verdict.ts";
import { exampleFacts } from "../testing/example-facts.ts";
import { exampleJournal } from "../testing/example-journal.ts";
import { examplePod } from "../testing/example-pod.ts";

const refused: Outcome = {
  class: "refused",
  target: "service",
  client: "new-connection",
  method: "GET",
  intendedAt: 1_050,
  sentAt: 1_050,
  doneAt: 1_051,
  reusedConnection: false,
  peer: "10.0.0.1:8080",
};

const exampleScenario = {
  name: "rollout",
  verdict: "held",
  unavoidable: 0,
  recoveryMs: null,
  rounds: 0,
  startedAt: "",
  endedAt: "",
  requests: { scheduled: 0, ok: 0, failed: 0 },
  terminations: 1,
} as const;

function input(report: Partial<TrialLoad>, over: Partial<VerdictInput> = {}): VerdictInput {
  return {
    report: {
      scheduled: 3_000,
      ok: 3_000 - (report.failures?.length ?? 0),
      failures: [],
      latency: { p50Ms: 5, p99Ms: 9, p999Ms: 12, maxMs: 20 },
      generator: { lagP99Ms: 1, lagMaxMs: 2, valid: true, why: undefined },
      ...report,
    },
    context: {
      timeline: {
        pods: [
          examplePod({
            ready: [{ at: 10, ready: true }],
            deletionSeenAt: 1_000,
            graceSeconds: 30,
            goneAt: 1_200,
          }),
        ],
        endpoints: [],
        deployments: [],
      },
      facts: [exampleFacts],
      services: {},
      edges: [],
      path: "/",
      journals: [],
      kept: [],
      edgeIdleMs: 60_000,
    },
    scenarios: [exampleScenario],
    terminations: 6,
    endsPods: true,
    placeOf: () => () => "k8s/deployment.yaml:24",
    about: { targets: [], cluster: "embedded", profile: "envoy", seed: 1, standIns: [], notices: [] },
    ...over,
  };
}

test("a clean run is seaworthy and says what that is worth", () => {
  const verdict = makeVerdict(input({}));
  assert.equal(verdict.schema, "seaworthy.dev/trial/v1");
  assert.equal(verdict.verdict, "seaworthy");
  assert.equal(verdict.bound?.perTermination, 0.5);
});

test("one lost request is a leak, with pod, time, cause and the field that would have saved it", () => {
  const verdict = makeVerdict(input({ failures: [refused] }));
  assert.equal(verdict.verdict, "leaking");
  assert.equal(verdict.bound, null);
  assert.deepEqual(verdict.failures, [
    {
      at: "1970-01-01T00:00:01.050Z",
      scenario: "rollout",
      class: "refused",
      client: "new-connection",
      method: "GET",
      target: "service",
      pod: "old",
      deletedPod: "old",
      sinceDeletionMs: 50,
      cause: "port-closed-before-endpoint-removed",
      advice: "k8s/deployment.yaml:24  spec.template.spec.containers[0].lifecycle.preStop.sleep.seconds: 5",
    },
  ]);
  assert.deepEqual(verdict.causes[0]?.classes, { refused: 1 });
  assert.equal(verdict.causes[0]?.pods, 1);
});

test("a lagging generator proves nothing, whatever it saw", () => {
  const generator = { lagP99Ms: 80, lagMaxMs: 90, valid: false, why: "p99 of send lag is 80 ms" };
  const verdict = makeVerdict(input({ failures: [refused], generator }));
  assert.equal(verdict.verdict, "invalid");
  assert.equal(verdict.why, "p99 of send lag is 80 ms");
});

test("a run without a termination, or with too few requests, proves nothing", () => {
  assert.equal(makeVerdict(input({}, { terminations: 0 })).verdict, "invalid");
  assert.equal(makeVerdict(input({ scheduled: 20 })).verdict, "invalid");
});

test("a few pod ends without a loss prove nothing, and the rounds that would are named", () => {
  const scenario = { ...exampleScenario, rounds: 2 };
  for (const [terminations, verdict, rounds] of [
    [1, "unproven", "--rounds 6 "],
    [4, "unproven", "--rounds 3 "],
    [5, "unproven", "--rounds 3 "],
    [6, "seaworthy", ""],
  ] as const) {
    const found = makeVerdict(input({}, { terminations, scenarios: [scenario] }));
    assert.equal(found.verdict, verdict, `${terminations} ends`);
    assert.ok((found.why ?? "").includes(rounds), found.why);
  }
});

test("a weak proof says how to get a strong one", () => {
  const findings = (terminations: number) =>
    makeVerdict(input({}, { terminations, scenarios: [{ ...exampleScenario, rounds: 2 }] })).findings;
  assert.deepEqual(
    findings(6).map(({ id, denies, advice }) => [id, denies, advice?.also]),
    [["proof-is-weak", false, "--confidence 10%"]],
  );
  assert.deepEqual(findings(30), []);
});

test("a finding denies the verdict though no request was lost", () => {
  const { context, ...rest } = input({});
  const kill = { kill: { at: 1_100, open: 2 }, end: { at: 1_101, exitCode: 137, by: "kill" } } as const;
  const verdict = makeVerdict({ ...rest, context: { ...context, journals: [exampleJournal(kill)] } });
  assert.equal(verdict.verdict, "leaking");
  assert.match(verdict.why ?? "", /1 of 1 pods were killed/);
  assert.equal(verdict.requests.failed, 0);
});

test("a scenario that did not come to its end proves nothing", () => {
  const scenario = { ...exampleScenario, problem: "shop is stuck" };
  const verdict = makeVerdict(input({}, { scenarios: [scenario] }));
  assert.deepEqual([verdict.verdict, verdict.why], ["invalid", "shop is stuck"]);
});

test("a service that breaks streams leaks, though it loses no request", () => {
  const stream = {
    kind: "sse",
    target: "service",
    path: "/events",
    connections: 4,
    opened: 6,
    announced: 0,
    broken: 2,
    refused: 0,
    refusal: undefined,
    longestWithoutMs: 20,
  } as const;
  const { verdict, why, streams } = makeVerdict(input({ streams: [stream], streamEnds: [] }));
  assert.equal(verdict, "leaking");
  assert.match(why ?? "", /no request was lost, but streams were: 4 streams: 0 .*, 2 broken/);
  assert.equal(streams?.broken, 2);
  const good = makeVerdict(input({ streams: [{ ...stream, announced: 2, broken: 0 }], streamEnds: [] }));
  assert.notEqual(good.verdict, "leaking");
});
