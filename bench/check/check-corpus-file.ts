import { parseSet } from "../../packages/app/src/index.ts";
import { checkSets, chooseRules, rules } from "../../packages/check/src/index.ts";
import type { CorpusFile } from "./read-corpus.ts";

/** What a profile finds in a file and calls worse than advice, or all of it: `line rule`, as a file of the corpus expects it. */
export async function checkCorpusFile(
  { file, text }: Pick<CorpusFile, "file" | "text">,
  { profile = "default", advice = false } = {},
): Promise<string[]> {
  const { set, problems } = parseSet([{ name: file, text, isNamed: true, path: file }], "check");
  const { findings } = await checkSets({ sets: [set], problems }, { rules: chooseRules(rules, profile, []) });
  return findings
    .filter(({ severity }) => advice || severity !== "advice")
    .map(({ rule, place }) => ({ rule, line: place?.line ?? 0 }))
    .toSorted((a, b) => a.line - b.line || (a.rule < b.rule ? -1 : 1))
    .map(({ rule, line }) => `${line} ${rule}`);
}
