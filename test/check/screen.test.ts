import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { basename, dirname } from "node:path";
import { test } from "node:test";
import { stripVTControlCharacters, styleText } from "node:util";
import { parseDocuments } from "@seaworthy/kube";
import { checkSets, rules, type Reported } from "@seaworthy/check";
import { exampleFiles } from "../../packages/check/src/testing/rule-folders.ts";
import { findingsText } from "../../packages/cli/src/output/check-text.ts";
import { plainPaint, type Paint } from "../../packages/cli/src/output/paint.ts";
import { widthOf } from "../../packages/cli/src/output/text-width.ts";

async function findingsIn(file: string): Promise<readonly Reported[]> {
  const name = `k8s/${basename(file)}`;
  const text = readFileSync(file, "utf8");
  const { manifests, problems } = parseDocuments(name, text);
  const own = rules.filter(({ id }) => id === basename(dirname(file)));
  const set = { manifests, sources: [{ name, text }] };
  return (
    await checkSets(
      { sets: [set], problems },
      { rules: own.map((rule) => ({ rule, severity: rule.severity })) },
    )
  ).findings;
}

const coloured: Paint = (style, text) => styleText(style, text, { validateStream: false });

/** A name or a path of a field is left in one piece, to be copied. */
const isPath = /^ │ +\S+$/;

test("what every rule says of its examples fits a screen of 80 columns, in colour as without", async () => {
  const tooLong = new Set<string>();
  for (const file of exampleFiles) {
    const findings = await findingsIn(file);
    const plain = findingsText(findings, { paint: plainPaint, width: 80, isScreen: true });
    const inColour = findingsText(findings, { paint: coloured, width: 80, isScreen: true });
    assert.equal(stripVTControlCharacters(inColour), plain);
    for (const line of plain.split("\n")) if (widthOf(line) > 80 && !isPath.test(line)) tooLong.add(line);
  }
  assert.deepEqual([...tooLong], []);
});
