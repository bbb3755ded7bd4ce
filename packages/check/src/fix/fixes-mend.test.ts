import assert from "node:assert/strict";
import { test } from "node:test";
import { parseSet, type ReadSet } from "@seaworthy/app";
import { EditableYaml } from "@seaworthy/kube";
import type { Rule } from "../rule.ts";
import { rules } from "../rules/rules.ts";
import { checkSets } from "../run/check-sets.ts";
import type { Reported } from "../run/reported.ts";
import { readExamples } from "../testing/rule-example.ts";
import { ruleFolders } from "../testing/rule-folders.ts";
import { applyFixes } from "./apply-fixes.ts";
import { fixSets } from "./fix-sets.ts";

function read(file: string, text: string): ReadSet {
  const { set, problems } = parseSet([{ name: file, path: file, isNamed: true, text }], "check");
  assert.deepEqual(problems, []);
  return set;
}

async function check(set: ReadSet, chosen: readonly Rule[]): Promise<readonly Reported[]> {
  const options = { rules: chosen.map((rule) => ({ rule, severity: rule.severity })) };
  return (await checkSets({ sets: [set], problems: [] }, options)).findings;
}

/** What a finding says, without where: fixes move lines and items. */
const told = ({ rule, object, message }: Reported) => `${rule} ${object}: ${message}`;

for (const rule of rules) {
  const examples = readExamples(ruleFolders.get(rule.id)!).filter(({ breaks }) => breaks);

  test(`each fix of ${rule.id} mends what it is for, and brings no error`, async () => {
    for (const { file, text } of examples) {
      const set = read(file, text);
      const before = await check(set, [rule]);
      const fixable = before.filter(hasFix);
      if (fixable.length === 0) continue;
      const known = new Set([...before, ...(await check(set, rules))].map(told));
      for (const found of fixable) {
        const yaml = new EditableYaml(text);
        assert.deepEqual(applyFixes([found], new Map([[file, yaml]]), { unsafe: true }), [found]);
        const mended = read(file, yaml.toString());
        const left = await check(mended, [rule]);
        assert.ok(!left.map(told).includes(told(found)), `still there in\n${yaml.toString()}`);
        const errors = (await check(mended, rules)).filter(({ severity }) => severity === "error");
        const fresh = [...left, ...errors].map(told).filter((each) => !known.has(each));
        assert.deepEqual(fresh, [], yaml.toString());
      }
    }
  });

  test(`a second --fix of ${rule.id} changes nothing`, async () => {
    const options = {
      rules: [{ rule, severity: rule.severity }],
      unsafe: true,
      choose: (findings: readonly Reported[]) => findings,
    };
    for (const { file, text } of examples) {
      const first = await fixSets({ sets: [read(file, text)], problems: [] }, options);
      assert.deepEqual(first.checked.findings.filter(hasFix), [], file);
      assert.deepEqual((await fixSets(first.input, options)).files, [], file);
    }
  });
}

const hasFix = ({ finding }: Reported) => finding?.fix !== undefined;
