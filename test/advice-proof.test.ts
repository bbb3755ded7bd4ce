import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { schemaProblems, type Schema } from "../packages/load/src/testing/schema-problems.ts";
import { adviceCases } from "../packages/trial/src/testing/advice-cases.ts";
import { proveAdvice } from "../packages/trial/src/testing/prove-advice.ts";

const schema = JSON.parse(readFileSync("docs/schemas/trial-v1.schema.json", "utf8")) as Schema;

// bench/advice-proof.ts proves them all. Here the one whose advice has all that advice can have: two fields that the API server
// must take together, and code.
const name = "no preStop, and a grace of 3 s that leaves no room for one";

test("advice that is followed ends the loss, and verdicts are what their schema says", async () => {
  const { problems, before, after } = await proveAdvice(adviceCases.find((each) => each.name === name)!);
  assert.deepEqual(problems, []);
  for (const { verdict } of [before, after]) {
    const data = JSON.parse(JSON.stringify(verdict)) as Record<string, unknown>;
    assert.deepEqual(schemaProblems(data, schema), []);
    assert.equal(schemaProblems({ ...data, surprise: 1 }, schema).length, 1);
    assert.notDeepEqual(schemaProblems({ ...data, findings: [{ id: "bad-luck" }] }, schema), []);
  }
});
