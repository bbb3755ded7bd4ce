import assert from "node:assert/strict";
import { test } from "node:test";
import { verdictOf } from "./verdict-of.ts";

test("what goes with killed pods is counted apart, and a trial of nothing else needs no pod ends", async () => {
  const { exitCode, verdict } = await verdictOf("apps/httpserver", "--scenario", "pod-kill", "--rate", "100");
  assert.deepEqual(
    verdict.scenarios.map(({ name, verdict: each }) => `${name} ${each}`),
    ["pod-kill held"],
    JSON.stringify(verdict.failures.filter(({ cause }) => cause !== "pod-killed").slice(0, 3)),
  );
  assert.equal(verdict.unavoidable, verdict.requests.failed);
  assert.equal(verdict.terminations, 0);
  assert.equal(verdict.verdict, "seaworthy");
  assert.equal(exitCode, 0);
});
