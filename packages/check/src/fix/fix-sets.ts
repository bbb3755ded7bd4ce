import { parseSet, type ReadSet } from "@seaworthy/app";
import type { SeaworthyError } from "@seaworthy/errors";
import type { EditableYaml } from "@seaworthy/kube";
import { checkSets, type Checked, type CheckOptions } from "../run/check-sets.ts";
import type { Reported } from "../run/reported.ts";
import { applyFixes } from "./apply-fixes.ts";
import { openFiles, type FixedFile } from "./open-files.ts";

/** Sets of objects, and what could not be read of them. */
export interface FixInput {
  readonly sets: readonly ReadSet[];
  readonly problems: readonly SeaworthyError[];
}

/** How fixes are chosen. */
export interface FixOptions extends CheckOptions {
  /** Those that may surprise somebody as well. */
  readonly unsafe: boolean;
  /** Which findings count: old ones of a baseline are left alone. */
  readonly choose: (findings: readonly Reported[]) => readonly Reported[];
}

/** What was mended, and what is found when it is. */
export interface FixedSets {
  readonly input: FixInput;
  readonly checked: Checked;
  readonly fixed: readonly Reported[];
  readonly files: readonly FixedFile[];
}

/** A fix may bring another rule to something: then it is mended, too. Two rules that undo each other end here. */
const mostRounds = 10;

/** Mends what has a fix, again and again until nothing is left, in memory: nothing is written. Only files are mended, and nothing that is rendered. */
export async function fixSets(input: FixInput, options: FixOptions): Promise<FixedSets> {
  const opened = openFiles(input.sets.flatMap(({ sources }) => sources));
  const { texts } = opened;
  const fixed: Reported[] = [];
  let current = input;
  let checked = await checkSets(current, options);
  for (let round = 0; round < mostRounds; round += 1) {
    const mended = applyFixes(options.choose(checked.findings), texts, options);
    if (mended.length === 0) break;
    fixed.push(...mended);
    current = reread(current, texts);
    checked = await checkSets(current, options);
  }
  return { input: current, checked, fixed, files: opened.changed() };
}

function reread({ sets }: FixInput, texts: ReadonlyMap<string, EditableYaml>): FixInput {
  const parsed = sets.map(({ sources, rendered }) =>
    parseSet(
      sources.map((source) => ({ ...source, text: texts.get(source.name)?.toString() ?? source.text })),
      "check",
      rendered,
    ),
  );
  return { sets: parsed.map(({ set }) => set), problems: parsed.flatMap(({ problems }) => problems) };
}
