import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe, test } from "node:test";
import { startApi } from "../../packages/cluster/src/apiserver/testing/start-api.ts";
import { askCases } from "./ask-cases.ts";
import type { Answer } from "./ask-steps.ts";
import { readExceptions } from "../validation/read-exceptions.ts";
import { readCases } from "./read-cases.ts";

const { answeredBy, answers } = JSON.parse(
  readFileSync(`${import.meta.dirname}/answers.generated.json`, "utf8"),
) as { readonly answeredBy: string; readonly answers: Readonly<Record<string, Answer>> };

const document = readFileSync(`${import.meta.dirname}/../../docs/fidelity.md`, "utf8");
const otherWords = readExceptions(document, "Custom kinds,");

const { transport } = await startApi();
const ours = await askCases(transport);

describe(`custom kinds are answered for as ${answeredBy} did`, () => {
  for (const { name } of readCases())
    test(name, () => {
      const real = answers[name];
      assert.ok(real !== undefined, "no answer is recorded: run bench/ask-real/custom-resources.ts");
      if (!otherWords.has(name)) return assert.deepEqual(ours[name], real);
      assert.deepEqual([ours[name]?.code, ours[name]?.reason], [real.code, real.reason]);
      return assert.notDeepEqual(ours[name], real, "docs/fidelity.md is behind");
    });
});

test("every answer and every exception is about a case", () => {
  const names = new Set(readCases().map(({ name }) => name));
  assert.deepEqual(
    [...Object.keys(answers), ...otherWords].filter((name) => !names.has(name)),
    [],
  );
});
