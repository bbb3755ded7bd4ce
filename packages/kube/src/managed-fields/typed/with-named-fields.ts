import { fieldNode, FieldSet, type FieldNode } from "../field-set/field-set.ts";
import { fieldNameOf, type PathElement } from "../field-set/path-element.ts";
import { fieldTypeOf, type MergeType } from "./merge-type.ts";

/**
 * A set in which the named fields above its members are members too, but not maps: who owns `spec.replicas` has a part in
 * `spec`. https://github.com/kubernetes-sigs/structured-merge-diff/blob/v6.3.3/fieldpath/set.go (EnsureNamedFieldsAreMembers)
 */
export function withNamedFields(set: FieldSet, type: MergeType | undefined): FieldSet {
  const nodes = set.nodes.map((node): FieldNode => {
    const { element, isMember, children } = node;
    if (children.isEmpty) return node;
    const name = fieldNameOf(element);
    const isNamed = name !== undefined && type?.map?.fields.has(name) === true;
    const inner = withNamedFields(children, typeInside(type, element));
    return fieldNode(element, isMember || isNamed, inner);
  });
  return FieldSet.ofNodes(nodes);
}

/** The type of what an element of a value of this type stands for. */
export function typeInside(type: MergeType | undefined, element: PathElement): MergeType | undefined {
  const name = fieldNameOf(element);
  if (name !== undefined) return type?.map === undefined ? undefined : fieldTypeOf(type.map, name);
  return element.startsWith("k:") ? type?.list?.element : undefined;
}
