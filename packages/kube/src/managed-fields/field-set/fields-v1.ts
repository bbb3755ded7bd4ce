import { isJsonObject } from "../../patch/json-value.ts";
import { fieldNode, FieldSet, leafNode, type FieldNode } from "./field-set.ts";
import { parsePathElement } from "./path-element.ts";

/** Reads `fieldsV1`; throws a SyntaxError for what is none. */
export function fromFieldsV1(fields: unknown): FieldSet {
  return readLevel(fields).children;
}

/** Whether the parent of a level is a member, and what is inside it. Who has nothing inside is a member. */
function readLevel(level: unknown): { readonly isMember: boolean; readonly children: FieldSet } {
  if (level !== null && !isJsonObject(level)) throw new SyntaxError("fieldsV1 is made of objects");
  const nodes = new Map<string, FieldNode>();
  for (const [key, value] of Object.entries(level ?? {})) {
    const element = key === "." ? undefined : parsePathElement(key);
    if (element === undefined) continue;
    const { isMember, children } = readLevel(value);
    nodes.set(element, children.isEmpty ? leafNode(element) : fieldNode(element, isMember, children));
  }
  const children = FieldSet.ofNodes([...nodes.values()]);
  return { isMember: children.isEmpty || Object.hasOwn(level ?? {}, "."), children };
}
