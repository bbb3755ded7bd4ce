import { SeaworthyError } from "@seaworthy/errors";
import { visit, type Document, type Node } from "yaml";
import { keyText, placeAt, type Source } from "./source-map.ts";

/** The error for the first key that stands twice in one map, or undefined. */
export function findDuplicateKey(source: Source, document: Document.Parsed): SeaworthyError | undefined {
  let error: SeaworthyError | undefined;
  visit(document, {
    Map(_, map) {
      const seen = new Map<string, Node>();
      for (const { key } of map.items) {
        const text = keyText(key);
        const first = seen.get(text);
        if (first !== undefined && text !== "<<") {
          error = duplicateKey(source, text, first, key as Node);
          return visit.BREAK;
        }
        seen.set(text, key as Node);
      }
      return undefined;
    },
  });
  return error;
}

function duplicateKey(source: Source, key: string, first: Node, second: Node): SeaworthyError {
  const [before, after] = [placeOf(source, first), placeOf(source, second)];
  return new SeaworthyError("SW1102", `the key ${JSON.stringify(key)} stands twice in the same map`, {
    place: { ...after, label: "the second one" },
    why: "Kubernetes would take one of the two values and drop the other in silence.",
    seen: [
      `first at ${source.file}:${before.line}:${before.column}`,
      `again at ${source.file}:${after.line}:${after.column}`,
    ],
    next: ["keep one of the two, and move what belongs to the other under it"],
  });
}

function placeOf(source: Source, node: Node): ReturnType<typeof placeAt> {
  const [start = 0, end = start + 1] = node.range ?? [];
  return placeAt(source, start, end);
}
