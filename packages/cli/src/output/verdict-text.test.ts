import assert from "node:assert/strict";
import { test } from "node:test";
import { verdictSchema, type Verdict } from "@seaworthy/trial";
import { formatVerdict, span } from "./verdict-text.ts";

test("the times of a cause are told in the unit that fits, and before or after as they are", () => {
  assert.equal(span({ min: 20, max: 61.4 }), "20 to 61 ms after");
  assert.equal(span({ min: 20, max: 1_570 }), "0.0 to 1.6 s after");
  assert.equal(span({ min: -210, max: 1_100 }), "0.2 s before to 1.1 s after");
  assert.equal(span({ min: -40, max: 1_100 }), "0.0 to 1.1 s after");
  assert.equal(span({ min: -240, max: -11 }), "11 to 240 ms before");
  assert.equal(span({ min: 32_000, max: 32_010 }), "32.0 to 32.0 s after");
});

const preStop = "spec.template.spec.containers[0].lifecycle.preStop";
const advice: Verdict["causes"][number]["advice"] = {
  why: "the port was closed",
  changes: [
    { path: preStop, value: { sleep: { seconds: 5 } }, place: "k8s/app.yaml:21" },
    { path: "spec.template.spec.terminationGracePeriodSeconds", value: 15, place: "k8s/app.yaml:19" },
  ],
  also: "and drain",
  place: "k8s/app.yaml:21",
  text: "",
};
const killed: Verdict["findings"][number] = {
  id: "killed-by-grace",
  denies: true,
  deployment: "shop",
  container: "shop",
  text: "3 of 3 pods were killed at the end of the grace period: nobody handles SIGTERM",
  place: "k8s/app.yaml:21",
  advice: { ...advice, changes: [], also: "handle SIGTERM" },
};

const verdict: Verdict = {
  schema: verdictSchema,
  verdict: "seaworthy",
  requests: { scheduled: 3_000, ok: 3_000, failed: 0 },
  unavoidable: 0,
  terminations: 6,
  bound: { perTermination: 0.5, text: "" },
  failures: [],
  causes: [],
  findings: [],
  latency: { p50Ms: 1, p99Ms: 2, p999Ms: 3, maxMs: 4 },
  generator: { lagP99Ms: 1, lagMaxMs: 2, valid: true, why: undefined },
  scenarios: [],
  targets: [],
  cluster: "embedded",
  profile: "envoy",
  seed: 1,
  standIns: [],
  notices: [],
};

const shown = (over: Partial<Verdict>) =>
  formatVerdict({ ...verdict, ...over }, { paint: (_, text) => text, report: "r.json", again: "seaworthy" });

test("a cause tells each field to write with its line, and then what the code must do", () => {
  const cause = {
    cause: "port-closed-before-endpoint-removed",
    deployment: "shop",
    count: 2,
    pods: 1,
    classes: { refused: 2 },
    sinceDeletionMs: null,
    advice,
  } as const;
  assert.match(
    shown({ verdict: "leaking", causes: [cause] }),
    /fix {3}k8s\/app.yaml:21 {2}spec\S+preStop\.sleep\.seconds: 5\n {11}k8s\/app.yaml:19 {2}\S+Seconds: 15\n {11}and drain\n/,
  );
});

test("a finding is told with what was seen, and that nothing was lost this time", () => {
  const text = shown({ verdict: "leaking", findings: [killed] });
  assert.match(text, / {2}! {2}killed-by-grace {2}Deployment shop\n {5}seen {2}3 of 3 pods were killed/);
  assert.match(text, / {5}fix {3}k8s\/app.yaml:21 {2}handle SIGTERM\n/);
  assert.match(text, /LEAKING .*\n {11}none this time/);
});

test("a finding that a cause has told already is not told again", () => {
  const cause = {
    cause: "killed-by-grace",
    deployment: "shop",
    count: 2,
    pods: 1,
    classes: { refused: 2 },
    sinceDeletionMs: null,
    advice,
  } as const;
  assert.doesNotMatch(shown({ verdict: "leaking", causes: [cause], findings: [killed] }), /seen {2}3 of 3/);
});

test("the rounds that make a proof, or a strong one, are named", () => {
  const weak = {
    ...killed,
    id: "proof-is-weak" as const,
    denies: false,
    advice: { ...advice, changes: [], also: "--rounds 10" },
  };
  assert.match(shown({ findings: [weak] }), /fewer than 50 % .*; --rounds 10 bounds it by 10 %/);
  assert.match(
    shown({ verdict: "unproven", why: "only 2 pods ended: --rounds 3", terminations: 2 }),
    /UNPROVEN .* 2 pod terminations\n +only 2 pods ended: --rounds 3/,
  );
});

test("where no pod was asked to end, the headline counts what was done instead", () => {
  const scenario = {
    name: "pod-kill",
    verdict: "held",
    rounds: 3,
    startedAt: "",
    endedAt: "",
    requests: verdict.requests,
    unavoidable: 0,
    recoveryMs: null,
    terminations: 3,
  } as const;
  const killedOnly = shown({ terminations: 0, bound: null, scenarios: [scenario] });
  assert.match(killedOnly, /SEAWORTHY {2}0 of 3,000 requests lost in 3 kills\n$/);
});
