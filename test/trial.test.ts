import assert from "node:assert/strict";
import { test } from "node:test";
import { assertNoFailures, verdictOf } from "./trial/verdict-of.ts";

test("the reference service loses nothing in two rollouts of three replicas", async () => {
  const { exitCode, verdict } = await verdictOf("apps/httpserver", "--rounds", "2", "--rate", "300");
  assertNoFailures(verdict);
  assert.equal(verdict.verdict, "seaworthy");
  assert.equal(verdict.schema, "seaworthy.dev/trial/v1");
  assert.equal(verdict.requests.failed, 0);
  assert.equal(verdict.requests.ok, verdict.requests.scheduled);
  assert.equal(verdict.terminations, 6);
  assert.equal(exitCode, 0);
});
