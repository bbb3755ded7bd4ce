import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** Manifests that break a rule where they are marked, or that it has nothing to say about. */
export interface RuleExample {
  readonly file: string;
  readonly text: string;
  readonly breaks: boolean;
  /** Where findings are, as `line:column+length`, in the order of the lines. */
  readonly marks: readonly string[];
}

/**
 * The examples of a rule: `fails-*.yaml` and `passes-*.yaml` in its folder. A comment of carets marks a finding in the line
 * above it; `#<^^^` marks one that begins in the first column.
 */
export function readExamples(folder: string): RuleExample[] {
  return readdirSync(folder)
    .filter((name) => /^(fails|passes)-\d+\.yaml$/.test(name))
    .toSorted()
    .map((name) => {
      const file = join(folder, name);
      const text = readFileSync(file, "utf8");
      return { file, text, breaks: name.startsWith("fails"), marks: marksOf(text) };
    });
}

function marksOf(text: string): string[] {
  let line = 0;
  return text.split("\n").flatMap((written, index) => {
    const [, before = "", atStart, carets] = /^(\s*#\s*)(<)?(\^+)\s*$/.exec(written) ?? [];
    if (carets === undefined) {
      line = index + 1;
      return [];
    }
    const column = atStart === undefined ? before.length + 1 : 1;
    return [`${line}:${column}+${carets.length}`];
  });
}
