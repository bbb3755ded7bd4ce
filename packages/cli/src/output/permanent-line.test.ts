import assert from "node:assert/strict";
import { test } from "node:test";
import type { Failure, ScenarioResult } from "@seaworthy/trial";
import { marksFor } from "./marks.ts";
import { permanentLine } from "./permanent-line.ts";

const failure: Failure = {
  at: "2026-01-01T00:00:00.000Z",
  scenario: "rollout",
  class: "refused",
  client: "new-connection",
  method: "GET",
  target: "service",
  pod: "shop-1",
  deletedPod: "shop-1",
  sinceDeletionMs: 120,
  cause: "port-closed-before-endpoint-removed",
  advice: "",
};

const lines: readonly [name: string, over: Partial<Failure>, text: string][] = [
  ["after the pod's deletion", {}, "pod shop-1, 0.12 s after its deletion:"],
  ["felt before it was seen", { sinceDeletionMs: -90 }, "pod shop-1, 0.09 s before its deletion was seen:"],
  ["a new pod", { pod: "shop-2" }, "pod shop-2, 0.12 s after the deletion of shop-1:"],
  ["no deletion", { deletedPod: null, sinceDeletionMs: null }, "pod shop-1: port-closed"],
  ["no pod", { pod: null, deletedPod: null, sinceDeletionMs: null }, "refused: port-closed"],
  ["a status", { class: "bad-status", status: 503 }, "(service, new-connection): 503, pod"],
];

for (const [name, over, text] of lines) {
  test(`a loss, ${name}`, () => {
    const line = permanentLine(
      { type: "loss", failure: { ...failure, ...over } },
      (_, plain) => plain,
      marksFor({}),
    );
    assert.ok(line?.includes(text), line);
  });
}

const ends: readonly [
  name: string,
  over: { failed?: number; denied?: boolean; problem?: string },
  good: boolean,
][] = [
  ["nothing lost", {}, true],
  ["a request lost", { failed: 1 }, false],
  ["nothing lost, and pods that were killed at the end of their grace", { denied: true }, false],
  ["a rollout that got stuck", { problem: "rollout of shop is stuck" }, false],
];

for (const [name, { failed = 0, denied = false, ...problem }, good] of ends) {
  test(`the mark of a scenario: ${name}`, () => {
    const at = "2026-01-01T00:00:00.000Z";
    const requests = { scheduled: 1_000, ok: 1_000 - failed, failed };
    const verdict = failed > 0 ? "leaking" : "problem" in problem ? "invalid" : "held";
    const result: ScenarioResult = {
      name: "rollout",
      verdict,
      unavoidable: 0,
      recoveryMs: null,
      rounds: 2,
      startedAt: at,
      endedAt: at,
      requests,
      terminations: 6,
      ...problem,
    };
    const line = permanentLine(
      { type: "scenario-end", result, p99Ms: 3, denied },
      (_, plain) => plain,
      marksFor({}),
    );
    assert.equal(line?.startsWith(marksFor({}).good), good, line);
  });
}

test("what no field saves is told apart from what was lost", () => {
  const at = "2026-01-01T00:00:00.000Z";
  const line = permanentLine(
    {
      type: "scenario-end",
      result: {
        name: "pod-kill",
        verdict: "held",
        unavoidable: 7,
        recoveryMs: 640,
        rounds: 3,
        startedAt: at,
        endedAt: at,
        requests: { scheduled: 1_000, ok: 993, failed: 7 },
        terminations: 3,
      },
      p99Ms: 3,
      denied: false,
    },
    (_, plain) => plain,
    marksFor({}),
  );
  assert.match(line ?? "", /0 lost of 1,000 {3}7 that no field saves, the last after 0\.6 s {3}3 pods ended/);
});
