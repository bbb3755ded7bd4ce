import type { ManagedFieldsEntry } from "../object.ts";
import { FieldOwner } from "./field-owner.ts";

/** The managers of an object by what tells them apart. */
export type FieldOwners = ReadonlyMap<string, FieldOwner>;

/**
 * Reads `metadata.managedFields`, or throws a ManagedFieldsError. Of entries with the same manager the last one counts.
 * https://github.com/kubernetes/apimachinery/blob/v0.36.3/pkg/util/managedfields/internal/managedfields.go
 */
export function decodeOwners(entries: readonly ManagedFieldsEntry[] | undefined): FieldOwners {
  const managers = new Map<string, FieldOwner>();
  for (const [index, entry] of (entries ?? []).entries()) {
    const manager = FieldOwner.read(entry, index);
    managers.set(manager.id, manager);
  }
  return managers;
}

/** The managers as `metadata.managedFields`, in Kubernetes' order; undefined when there are none. */
export function encodeOwners(managers: Iterable<FieldOwner>): ManagedFieldsEntry[] | undefined {
  const entries = [...managers].sort(FieldOwner.compare).map(({ entry }) => entry);
  return entries.length === 0 ? undefined : entries;
}

/** `metadata.managedFields` as JSON, in the parts that objects share. */
export function writeManagedFields(entries: readonly ManagedFieldsEntry[]): readonly string[] {
  const texts = entries.flatMap((entry, index) => [index === 0 ? "[" : ",", FieldOwner.write(entry)]);
  return texts.length === 0 ? ["[]"] : [...texts, "]"];
}

/** Whether two lists of managers say the same, except of when. */
export function sameButTimes(
  entries: readonly ManagedFieldsEntry[] | undefined,
  others: readonly ManagedFieldsEntry[] | undefined,
): boolean {
  if (entries === others) return true;
  if (entries?.length !== others?.length) return false;
  return (entries ?? []).every((entry, index) => {
    const other = others?.[index];
    if (entry === other || other === undefined) return entry === other;
    const [one, two] = [FieldOwner.read(entry, index), FieldOwner.read(other, index)];
    return one.id === two.id && one.apiVersion === two.apiVersion && one.fields.equals(two.fields);
  });
}
