import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe, test } from "node:test";
import { resourceTypes, type Namespace } from "@seaworthy/kube";
import { startApi } from "../../packages/cluster/src/apiserver/testing/start-api.ts";
import { readCases } from "../../packages/kube/src/kinds/testing/read-cases.ts";
import { askCase, askedNamespace, type Answer } from "./ask-case.ts";
import { readExceptions } from "./read-exceptions.ts";

const here = import.meta.dirname;
const { answeredBy, answers } = JSON.parse(readFileSync(`${here}/answers.generated.json`, "utf8")) as {
  readonly answeredBy: string;
  readonly answers: Readonly<Record<string, Answer>>;
};
const cases = readCases(`${here}/cases`);
const exceptions = readExceptions(readFileSync(`${here}/../../docs/fidelity.md`, "utf8"));

const { client, transport } = await startApi();
await client.create<Namespace>(resourceTypes.namespaces, {
  apiVersion: "v1",
  kind: "Namespace",
  metadata: { name: askedNamespace },
});

describe(`the embedded API server answers as ${answeredBy} did`, () => {
  for (const asked of cases) {
    test(asked.name, async () => {
      const real = answers[asked.name];
      assert.ok(real !== undefined, "no answer is recorded: run bench/ask-real/validation.ts");
      const ours = await askCase(transport, asked);
      if (exceptions.has(asked.name)) assert.notDeepEqual(ours, real, "docs/fidelity.md is behind");
      else assert.deepEqual(ours, real);
    });
  }
});

test("every answer and every exception is about a case, and a third and more of the cases are accepted", () => {
  const names = new Set(cases.map(({ name }) => name));
  assert.equal(names.size, cases.length, "two cases have one name");
  assert.deepEqual(
    [...Object.keys(answers), ...exceptions].filter((name) => !names.has(name)),
    [],
  );
  const accepted = Object.values(answers).filter(({ code }) => code < 300).length;
  assert.ok(accepted * 3 >= cases.length, `${accepted} of ${cases.length} are accepted`);
});
