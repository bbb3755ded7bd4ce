import { EditableYaml } from "@seaworthy/kube";
import type { Reported } from "../run/reported.ts";
import { applyFixes } from "./apply-fixes.ts";
import { linesOf, lineScript } from "./line-script.ts";

/** A stretch of a text, and what is to stand there. Lines and columns count from 1; the end is no part of it. */
export interface Replacement {
  readonly startLine: number;
  readonly startColumn: number;
  readonly endLine: number;
  readonly endColumn: number;
  readonly text: string;
}

/** What a fix replaces in a file, from its start to its end. */
export interface FileChange {
  readonly file: string;
  readonly replacements: readonly Replacement[];
}

/**
 * Says of fixes what they replace in files, by their names: the same that `--fix` would write, each fix alone. A fix that
 * cannot be written changes no file.
 */
export function createTextFixer(texts: ReadonlyMap<string, string>): (found: Reported) => FileChange[] {
  const known = new Map<string, EditableYaml>();
  return (found) => {
    const files = new Set(found.finding?.fix?.edits.map(({ manifest }) => manifest.file));
    if (files.size === 0 || [...files].some((file) => !texts.has(file))) return [];
    const yamls = new Map([...files].map((file) => [file, readOnce(file, texts.get(file)!, known)]));
    const before = new Map([...yamls].map(([file, yaml]) => [file, yaml.pieces]));
    if (applyFixes([found], yamls, { unsafe: true }).length === 0) return [];
    return [...yamls].map(([file, yaml]) => {
      const pieces = before.get(file)!;
      const change = { file, replacements: replacementsOf(pieces, yaml.pieces) };
      yaml.restore(pieces);
      return change;
    });
  };
}

function readOnce(file: string, text: string, known: Map<string, EditableYaml>): EditableYaml {
  const yaml = known.get(file) ?? new EditableYaml(text);
  known.set(file, yaml);
  return yaml;
}

function replacementsOf(before: readonly string[], after: readonly string[]): Replacement[] {
  const found: Replacement[] = [];
  let line = 1;
  before.forEach((piece, index) => {
    const old = linesOf(piece);
    if (piece !== after[index]) found.push(...ofPiece(old, linesOf(after[index] ?? ""), line));
    line += old.length;
  });
  return found;
}

function ofPiece(before: readonly string[], after: readonly string[], firstLine: number): Replacement[] {
  const found: Replacement[] = [];
  let line = firstLine;
  let open: { start: number; removed: string[]; added: string[] } | undefined;
  const close = () => {
    if (open !== undefined) found.push(replacement(open.start, open.removed, open.added));
    open = undefined;
  };
  for (const { mark, line: text } of lineScript(before, after)) {
    if (mark === " ") close();
    else open ??= { start: line, removed: [], added: [] };
    if (mark === "-") open!.removed.push(text);
    if (mark === "+") open!.added.push(text);
    if (mark !== "+") line += 1;
  }
  close();
  return found;
}

/** A last line without a line end stops behind its last character, and other lines where the next one begins. */
function replacement(start: number, removed: readonly string[], added: readonly string[]): Replacement {
  const last = removed.at(-1);
  const isOpen = last !== undefined && !last.endsWith("\n");
  return {
    startLine: start,
    startColumn: 1,
    endLine: start + removed.length - (isOpen ? 1 : 0),
    endColumn: isOpen ? last.length + 1 : 1,
    text: added.join(""),
  };
}
