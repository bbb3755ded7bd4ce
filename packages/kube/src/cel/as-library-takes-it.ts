import type { ASTNode } from "@marcbachmann/cel-js";
import { childrenOf } from "./syntax-tree.ts";

/**
 * The library takes plain paths in `has`, so that `has(a[0].b)` is written as `("b" in a[0])`; and it reads patterns as
 * JavaScript does, so that `matches` becomes a function of our own.
 */
export function asLibraryTakesIt(text: string, ast: ASTNode): string {
  return [...replacements(ast)]
    .toSorted((left, right) => right.start - left.start)
    .reduce((rest, { start, end, instead }) => rest.slice(0, start) + instead(rest) + rest.slice(end), text);
}

interface Replacement {
  readonly start: number;
  readonly end: number;
  instead(text: string): string;
}

function* replacements(node: ASTNode): Generator<Replacement> {
  if (node.op === "call" && node.args[0] === "has") {
    const [argument] = node.args[1];
    if (argument?.op === "." && !isPlainPath(argument)) {
      const [target, field] = argument.args;
      const instead = (text: string) => `("${field}" in ${text.slice(target.start, target.end)})`;
      yield { start: node.start, end: node.end, instead };
      return;
    }
  }
  if (node.op === "rcall" && node.args[0] === "matches") {
    const [, target, [pattern]] = node.args;
    if (pattern !== undefined)
      yield {
        start: target.end,
        end: pattern.start,
        instead: (whole) => goMatches(whole, target.end, pattern.start),
      };
  }
  for (const child of childrenOf(node.args)) yield* replacements(child);
}

function goMatches(text: string, start: number, end: number): string {
  return text.slice(start, end).replace(/\bmatches\b/, "goMatches");
}

function isPlainPath(node: ASTNode): boolean {
  return node.op === "id" || (node.op === "." && isPlainPath(node.args[0]));
}
