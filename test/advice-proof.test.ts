import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { schemaProblems, type Schema } from "../packages/load/src/testing/schema-problems.ts";
import { adviceCases } from "../packages/trial/src/testing/advice-cases.ts";
import { proveAdvice } from "../packages/trial/src/testing/prove-advice.ts";

const schema = JSON.parse(readFileSync("docs/schemas/trial-v1.schema.json", "utf8")) as Schema;

// bench/advice-proof.ts proves them all. Here two, side by side: one that fields alone mend, and one where the code must change.
const slice = ["strategy Recreate", "a preStop, and an app that ends at once"];

test("advice that is followed ends the loss, and verdicts are what their schema says", async (context) => {
  const cases = adviceCases.filter(({ name }) => slice.includes(name));
  assert.equal(cases.length, slice.length);
  await Promise.all(
    cases.map((each) =>
      context.test(`${each.cause}: ${each.name}`, async () => {
        const { problems, before, after } = await proveAdvice(each);
        assert.deepEqual(problems, []);
        for (const { verdict } of [before, after]) {
          const data = JSON.parse(JSON.stringify(verdict)) as Record<string, unknown>;
          assert.deepEqual(schemaProblems(data, schema), []);
          assert.equal(schemaProblems({ ...data, surprise: 1 }, schema).length, 1);
          assert.notDeepEqual(schemaProblems({ ...data, findings: [{ id: "bad-luck" }] }, schema), []);
        }
      }),
    ),
  );
});
