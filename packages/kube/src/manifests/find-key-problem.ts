import { SeaworthyError } from "@seaworthy/errors";
import { isAlias, isScalar, visit, type Document, type Node } from "yaml";
import { brokenYaml } from "./broken-yaml.ts";
import { keyText } from "./key-text.ts";
import { placeAt, type Source } from "./source-map.ts";

/** The error for the first key that stands twice in one map, or that is not a scalar; or undefined. */
export function findKeyProblem(source: Source, document: Document.Parsed): SeaworthyError | undefined {
  let error: SeaworthyError | undefined;
  visit(document, {
    Map(_, map) {
      const seen = new Map<string, Node>();
      for (const { key } of map.items) {
        if (!isScalar(key) && !isAlias(key)) {
          error = brokenYaml(
            source,
            "a key is a map or a list",
            (key as Node | null)?.range ?? map.range ?? [],
          );
          return visit.BREAK;
        }
        const text = keyText(key);
        const first = seen.get(text);
        if (first !== undefined && text !== "<<") {
          error = duplicateKey(source, text, first, key);
          return visit.BREAK;
        }
        seen.set(text, key);
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
