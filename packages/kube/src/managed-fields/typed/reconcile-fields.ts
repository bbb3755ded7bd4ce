import { FieldSet } from "../field-set/field-set.ts";
import type { Path } from "../field-set/path-element.ts";
import { handledAs, isDeducedMap, type MergeType } from "./merge-type.ts";
import { typeInside } from "./with-named-fields.ts";

/**
 * A set that was made when a type had other owners than it has now: what has become one value is owned as one.
 * https://github.com/kubernetes-sigs/structured-merge-diff/blob/v6.3.3/typed/reconcile_schema.go
 */
export function reconcileFields(set: FieldSet, type: MergeType): FieldSet {
  const coarser = [...coarserPaths(set, type, false, [])];
  if (coarser.length === 0) return set;
  const changed = FieldSet.of(coarser);
  return set.recursiveDifference(changed).union(changed);
}

/** The places inside which a set names fields, though their types have one owner for all. */
function* coarserPaths(set: FieldSet, type: MergeType, isWhole: boolean, path: Path): Generator<Path> {
  const { map, list } = handledAs(type, "any");
  if (map !== undefined && isDeducedMap(map)) return;
  const isAtomic = map === undefined ? list?.relationship === "atomic" : map.isAtomic;
  if (isAtomic) {
    if (!isWhole && (list !== undefined || !set.isEmpty)) yield path;
    return;
  }
  for (const { element, isMember, children } of set.nodes) {
    const inner = typeInside(type, element);
    if (inner !== undefined)
      yield* coarserPaths(children, inner, isMember && children.isEmpty, [...path, element]);
  }
}
