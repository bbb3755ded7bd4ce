import { parseSet } from "../../packages/app/src/index.ts";
import { checkSets, chooseRules, rules } from "../../packages/check/src/index.ts";
import type { CorpusFile } from "./read-corpus.ts";

/** What the profile `default` finds in a file of the corpus and calls worse than advice: `line rule`, as the file expects it. */
export async function checkCorpusFile({ file, text }: CorpusFile): Promise<string[]> {
  const { set, problems } = parseSet([{ name: file, text, isNamed: true, path: file }], "check");
  const { findings } = await checkSets(
    { sets: [set], problems },
    { rules: chooseRules(rules, "default", []) },
  );
  return findings
    .filter(({ severity }) => severity !== "advice")
    .map(({ rule, place }) => ({ rule, line: place?.line ?? 0 }))
    .toSorted((a, b) => a.line - b.line || (a.rule < b.rule ? -1 : 1))
    .map(({ rule, line }) => `${line} ${rule}`);
}
