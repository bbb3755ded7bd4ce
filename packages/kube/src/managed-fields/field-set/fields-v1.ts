import { isJsonObject, type JsonObject } from "../../patch/json-value.ts";
import { FieldSet, leafNode, type FieldNode } from "./field-set.ts";
import { parsePathElement } from "./path-element.ts";

/**
 * A set as `fieldsV1` of a managedFields entry: a trie in which `{}` is a member, and `.` says that what has fields of its
 * own is a member too. The keys are in the order in which Kubernetes writes them.
 * https://github.com/kubernetes-sigs/structured-merge-diff/blob/v6.3.3/fieldpath/serialize.go
 */
export function toFieldsV1(set: FieldSet): JsonObject {
  const fields: JsonObject = {};
  for (const { element, isMember, children } of set.nodes) {
    const inner = toFieldsV1(children);
    fields[element] = isMember && !children.isEmpty ? { ".": {}, ...inner } : inner;
  }
  return fields;
}

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
    nodes.set(element, children.isEmpty ? leafNode(element) : { element, isMember, children });
  }
  const children = FieldSet.ofNodes([...nodes.values()]);
  return { isMember: children.isEmpty || Object.hasOwn(level ?? {}, "."), children };
}
