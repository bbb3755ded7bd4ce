import { deepEqual, type EditableYaml, type FieldEdit, type FieldPath } from "@seaworthy/kube";
import type { Fix } from "../rule.ts";
import type { Reported } from "../run/reported.ts";
import { applyWhole, placed, type PlacedEdit } from "./placed-edit.ts";

/**
 * Writes the fixes of findings into texts, each whole or not at all, and gives the findings that it mended. Where two of
 * them meet, the second waits: it may be another one, or none, when the first is written. What has no text is left.
 */
export function applyFixes(
  findings: readonly Reported[],
  texts: ReadonlyMap<string, EditableYaml>,
  { unsafe }: { readonly unsafe: boolean },
): Reported[] {
  const done: PlacedEdit[] = [];
  return findings.filter(({ finding }) => {
    const fix = finding?.fix;
    if (fix === undefined || !(fix.isSafe || unsafe) || fix.edits.length === 0) return false;
    const edits = fix.edits.map(placed);
    const isFree = edits.every((each) => texts.has(each.file) && !done.some((other) => meet(each, other)));
    if (!isFree || !applyWhole(edits, texts)) return false;
    done.push(...edits);
    return true;
  });
}

function meet(one: PlacedEdit, other: PlacedEdit): boolean {
  if (one.file !== other.file || one.document !== other.document) return false;
  if (one.edit.op === "set" && other.edit.op === "set" && deepEqual(one.edit, other.edit)) return false;
  return reaches(one.edit, other.edit.path) || reaches(other.edit, one.edit.path);
}

/** Whether an edit decides what a path means: items behind one that is removed move up. */
function reaches({ op, path }: FieldEdit, other: FieldPath): boolean {
  const movesOthers = op === "remove" && typeof path.at(-1) === "number";
  return startsWith(other, movesOthers ? path.slice(0, -1) : path);
}

function startsWith(path: FieldPath, start: FieldPath): boolean {
  return start.every((step, index) => path[index] === step);
}

/** How many findings have fixes that can be written into files that are there: safe ones, and others. */
export function countFixes(
  findings: readonly Reported[],
  files: { has(name: string): boolean },
): { readonly safe: number; readonly unsafe: number } {
  const fixes = findings
    .map(({ finding }) => finding?.fix)
    .filter(
      (fix): fix is Fix => fix !== undefined && fix.edits.every((edit) => files.has(placed(edit).file)),
    );
  const safe = fixes.filter(({ isSafe }) => isSafe).length;
  return { safe, unsafe: fixes.length - safe };
}
