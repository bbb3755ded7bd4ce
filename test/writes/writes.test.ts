import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe, test } from "node:test";
import { startApi } from "../../packages/cluster/src/apiserver/testing/start-api.ts";
import type { Answer } from "../custom-resources/ask-steps.ts";
import { askWrites } from "./ask-writes.ts";
import { readExceptions } from "../validation/read-exceptions.ts";
import { writeCases } from "./write-cases.ts";

const { answeredBy, answers } = JSON.parse(
  readFileSync(`${import.meta.dirname}/answers.generated.json`, "utf8"),
) as { readonly answeredBy: string; readonly answers: Readonly<Record<string, Answer>> };

const document = readFileSync(`${import.meta.dirname}/../../docs/fidelity.md`, "utf8");
const otherWords = readExceptions(document, "Writes,");

const { transport } = await startApi();
const ours = await askWrites(transport);

describe(`writes are answered as ${answeredBy} answered them`, () => {
  for (const name of Object.keys(writeCases))
    test(name, () => {
      const [our, real] = [ours[name], answers[name]];
      if (!otherWords.has(name)) return assert.deepEqual(our, real);
      assert.deepEqual([our?.code, our?.reason], [real?.code, real?.reason]);
      return assert.notDeepEqual(our, real, "docs/fidelity.md is behind");
    });
});

test("every answer and every exception is about a case", () => {
  const names = Object.keys(writeCases);
  assert.deepEqual(Object.keys(answers), names);
  assert.deepEqual(
    [...otherWords].filter((name) => !names.includes(name)),
    [],
  );
});
