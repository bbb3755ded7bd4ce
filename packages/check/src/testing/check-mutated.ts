import assert from "node:assert/strict";
import { parseSet } from "@seaworthy/app";
import { SeaworthyError } from "@seaworthy/errors";
import { checkJson } from "../output/check-json.ts";
import { githubAnnotations } from "../output/github-annotations.ts";
import { junit } from "../output/junit.ts";
import { sarif } from "../output/sarif.ts";
import { fixSets } from "../fix/fix-sets.ts";
import { rules } from "../rules/rules.ts";
import { allAsChosen, drawsOf, mutatedText } from "./mutated-text.ts";

/** So long may the processor work on one small text, however it was changed. */
const mostMs = 5_000;

/** Checks and mends one mutated text: it is told of, whatever it is, and what is mended is good as before. Throws otherwise. */
export async function checkMutated(seed: number, texts: readonly string[]): Promise<"found" | "nothing"> {
  const draw = drawsOf(seed);
  const text = mutatedText(texts[draw(texts.length)]!, draw);
  const before = process.cpuUsage();
  const source = { name: "a.yaml", text, isNamed: true, path: "/a.yaml" };
  const { set, problems } = parseSet([source], "check");
  const { input: mended, checked } = await fixSets(
    { sets: [set], problems },
    { rules: allAsChosen(rules), unsafe: true, choose: (findings) => findings },
  );
  const crashed = checked.findings.find(({ rule }) => rule === "SW7001");
  assert.equal(crashed, undefined, `${crashed?.message} ${crashed?.seen.join(" ")}`);
  const result = {
    version: "0",
    profile: "",
    rules: [],
    objects: 1,
    files: ["a.yaml"],
    texts: new Map([["a.yaml", source.text]]),
    known: 0,
    gone: 0,
    fixed: [],
    failures: [],
    ...checked,
  };
  for (const format of [checkJson, sarif]) JSON.stringify(format(result));
  junit(result);
  githubAnnotations(result.findings);
  assert.ok(mended.problems.every((problem) => problem instanceof SeaworthyError));
  // A placeholder of a template is told of only where a manifest has its field, which a fix may have put there.
  const broken = mended.problems.filter(({ code }) => code !== "SW1006");
  assert.ok(broken.length <= problems.length, "what was mended is broken");
  const { user, system } = process.cpuUsage(before);
  const took = (user + system) / 1000;
  assert.ok(took < mostMs, `it took ${took.toFixed(0)} ms`);
  return checked.findings.length > 0 ? "found" : "nothing";
}
