import { Lexer } from "yaml";

/** A comment in YAML. Lines and columns count from 1. */
export interface FoundComment {
  readonly line: number;
  readonly column: number;
  /** From its `#` on. */
  readonly text: string;
  /** The line that it is about: its own when something stands before it, else the next one that is no comment. */
  readonly about: number;
}

/** The comments of a YAML text. What looks like one within a value is none. */
export function findComments(text: string): FoundComment[] {
  const lines = text.split("\n");
  const comments: FoundComment[] = [];
  let [line, column] = [1, 1];
  for (const token of new Lexer().lex(text)) {
    if (isMark(token)) continue;
    if (token.startsWith("#"))
      comments.push({ line, column, text: token, about: aboutOf(lines, line, column) });
    const breaks = token.split("\n");
    line += breaks.length - 1;
    column = breaks.length === 1 ? column + token.length : breaks.at(-1)!.length + 1;
  }
  return comments;
}

/** The lexer's own marks stand for no text: a document begins, a flow ended too early, a scalar follows. */
function isMark(token: string): boolean {
  return token === "\u0002" || token === "\u0018" || token === "\u001f";
}

function aboutOf(lines: readonly string[], line: number, column: number): number {
  if (lines[line - 1]!.slice(0, column - 1).trim() !== "") return line;
  const next = lines.findIndex((each, index) => index >= line && !/^\s*(?:#[^]*)?$/.test(each));
  return next < 0 ? line : next + 1;
}
