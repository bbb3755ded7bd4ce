import { Lexer, parseAllDocuments, type Document } from "yaml";
import { yamlOptions } from "./yaml-options.ts";

/**
 * The documents of a text by the YAML reader. It and all that walk over its documents call themselves for each level: a
 * RangeError says that these are too many. How many its stack holds is another number each time, and going there takes long.
 */
export function composeDocuments(text: string): readonly Document.Parsed[] {
  if (isNestedTooDeeply(text)) throw new RangeError("nested too deeply");
  const documents = parseAllDocuments(text, yamlOptions);
  return Array.isArray(documents) ? documents : [];
}

/** So many maps and lists that open one right within another in one line are no manifest. */
const mostInLine = 250;

/** Text and comments may seem deep, too. What is which the lexer knows, which is too slow to ask it of every text. */
function isNestedTooDeeply(text: string): boolean {
  if (!text.split("\n").some(mayBeDeep)) return false;
  let depth = 0;
  for (const token of new Lexer().lex(text)) {
    if (/^[[{?-]$/.test(token)) depth += 1;
    else if (/[\]},\n]/.test(token)) depth = 0;
    if (depth === mostInLine) return true;
  }
  return false;
}

function mayBeDeep(line: string): boolean {
  return line.length >= mostInLine && (line.match(/[[{?-]/g)?.length ?? 0) >= mostInLine;
}

/** A stretch of a text. */
export interface Slice {
  readonly start: number;
  readonly end: number;
}

/** Where documents begin and end. A text with directives, or with other marks than `---`, stays whole. */
export function slicesOf(text: string): Slice[] {
  if (hasOtherMarks(text)) return [{ start: 0, end: text.length }];
  const marks = Array.from(text.matchAll(/^---(?=[\s]|$)/gm), ({ index }) => index);
  // Comments above the first mark belong to its document.
  if (marks[0] !== undefined && /^(?:[ \t]*(?:#.*)?\r?\n)*$/.test(text.slice(0, marks[0]))) marks.shift();
  const starts = [0, ...marks];
  return starts.map((start, index) => ({ start, end: starts[index + 1] ?? text.length }));
}

/** Whether a text has directives, or other marks than `---`: only then a slice of it may hold more than one document that is good. */
export function hasOtherMarks(text: string): boolean {
  return /^(?:%|\.\.\.|\ufeff)/m.test(text);
}
