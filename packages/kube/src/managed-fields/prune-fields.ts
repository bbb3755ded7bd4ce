import type { JsonObject } from "../patch/json-value.ts";
import { FieldSet } from "./field-set/field-set.ts";
import type { FieldOwner } from "./field-owner.ts";
import type { FieldOwners } from "./field-owners.ts";
import { inVersion, type OwnershipRules } from "./ownership-rules.ts";
import type { MergeType } from "./typed/merge-type.ts";
import { removeFields } from "./typed/remove-fields.ts";
import { toFieldSet } from "./typed/to-field-set.ts";
import { withNamedFields } from "./typed/with-named-fields.ts";

/**
 * Takes out of a merged object what its applier had applied the last time, does not apply any more, and nobody else owns.
 * https://github.com/kubernetes-sigs/structured-merge-diff/blob/v6.3.3/merge/update.go (prune)
 */
export function pruneFields(
  rules: OwnershipRules,
  merged: JsonObject,
  managers: FieldOwners,
  last: FieldOwner | undefined,
): JsonObject {
  if (last === undefined || last.fields.isEmpty) return merged;
  const { apiVersion } = last;
  const type = rules.typeOf(apiVersion);
  if (type === undefined) return merged;
  const whole = inVersion(rules, merged, apiVersion);
  const bare = removeFields(whole, withNamedFields(last.fields, type), type) as JsonObject;
  const owned = addBackOwned(rules, whole, bare, apiVersion, managers);
  const pruned = addBackDangling(rules, whole, owned, last.fields, { apiVersion, type });
  return inVersion(rules, pruned, rules.apiVersion);
}

/** Puts back what somebody owns, be it the applier by what it applies now. Versions come one after the other, the applier's last one first. */
function addBackOwned(
  rules: OwnershipRules,
  whole: JsonObject,
  bare: JsonObject,
  firstVersion: string,
  managers: FieldOwners,
): JsonObject {
  const owned = new Map<string, FieldSet>([[firstVersion, FieldSet.empty]]);
  for (const { apiVersion, fields } of managers.values())
    owned.set(apiVersion, (owned.get(apiVersion) ?? FieldSet.empty).union(fields));
  let [merged, pruned] = [whole, bare];
  for (const [version, fields] of owned) {
    const type = rules.typeOf(version);
    if (type === undefined) continue;
    merged = inVersion(rules, merged, version);
    const kept = namedFieldsOf(inVersion(rules, pruned, version), type).union(withNamedFields(fields, type));
    pruned = removeFields(merged, namedFieldsOf(merged, type).difference(kept), type) as JsonObject;
  }
  return pruned;
}

/** Puts back what the applier did not own either, as nobody does. */
function addBackDangling(
  rules: OwnershipRules,
  whole: JsonObject,
  pruned: JsonObject,
  last: FieldSet,
  { apiVersion, type }: { readonly apiVersion: string; readonly type: MergeType },
): JsonObject {
  const kept = namedFieldsOf(inVersion(rules, pruned, apiVersion), type);
  const gone = namedFieldsOf(whole, type).difference(kept).intersection(withNamedFields(last, type));
  return removeFields(whole, gone, type) as JsonObject;
}

function namedFieldsOf(object: JsonObject, type: MergeType): FieldSet {
  return withNamedFields(toFieldSet(object, type), type);
}
