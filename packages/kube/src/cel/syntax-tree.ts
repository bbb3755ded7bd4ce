import type { ASTNode } from "@marcbachmann/cel-js";

/** The nodes right below a node, given its arguments. */
export function* childrenOf(args: unknown): Generator<ASTNode> {
  if (isNode(args)) yield args;
  else if (Array.isArray(args)) for (const each of args) yield* childrenOf(each);
}

function isNode(value: unknown): value is ASTNode {
  return typeof value === "object" && value !== null && "op" in value && "args" in value;
}
