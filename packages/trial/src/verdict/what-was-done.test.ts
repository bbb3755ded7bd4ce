import assert from "node:assert/strict";
import { test } from "node:test";
import type { ScenarioResult } from "./scenario-result.ts";
import { whatWasDone } from "./what-was-done.ts";

const played = (name: string, rounds: number): ScenarioResult => ({
  name,
  verdict: "held",
  rounds,
  startedAt: "2026-01-01T00:00:00.000Z",
  endedAt: "2026-01-01T00:00:27.600Z",
  requests: { scheduled: 10, ok: 10, failed: 0 },
  unavoidable: 0,
  recoveryMs: null,
  terminations: 0,
});

test("pods that were asked to end are counted, whatever else was done", () => {
  const scenarios = [played("rollout", 2), played("pod-kill", 3)];
  assert.equal(whatWasDone({ terminations: 6, scenarios }), "6 pod ends");
  assert.equal(whatWasDone({ terminations: 1, scenarios }, "pod termination"), "1 pod termination");
});

test("where there was none, it is what was done instead", () => {
  const done = (...scenarios: ScenarioResult[]) => whatWasDone({ terminations: 0, scenarios });
  assert.equal(done(played("pod-kill", 3)), "3 kills");
  assert.equal(done(played("pod-kill", 1), played("node-loss", 1)), "1 kill and 1 node loss");
  assert.equal(
    done(played("soak", 1), played("bad-release", 3), played("bad-answers", 1), played("edge-restart", 2)),
    "28 s without a change, 3 bad releases, 1 release that answers badly and 2 restarts of the edge",
  );
  assert.equal(done(played("rollout", 0), played("pod-kill", 0)), "0 pod ends");
  assert.equal(done(), "0 pod ends");
});
