import { isNode, visit, type Alias, type Document } from "yaml";

/**
 * The first alias that stands inside the value of its own anchor, or undefined: the value would have no end. Kubernetes'
 * reader refuses it as well: https://github.com/yaml/go-yaml/blob/v3.0.1/decode.go (`value contains itself`).
 */
export function findSelfAlias(document: Document.Parsed): Alias | undefined {
  let found: Alias | undefined;
  visit(document, {
    Alias(_, alias, ancestors) {
      // To resolve an alias means a walk over the document, which only those are worth that may be meant.
      const mayBe = ancestors.some(
        (node) => isNode(node) && "anchor" in node && node.anchor === alias.source,
      );
      const target = mayBe ? alias.resolve(document) : undefined;
      if (target === undefined || !ancestors.includes(target)) return undefined;
      found = alias;
      return visit.BREAK;
    },
  });
  return found;
}
