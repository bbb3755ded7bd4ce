import type { JsonObject } from "../patch/json-value.ts";
import type { FieldSet } from "./field-set/field-set.ts";
import type { FieldOwner } from "./field-owner.ts";
import type { FieldOwners } from "./field-owners.ts";
import { inVersion, type OwnershipRules } from "./ownership-rules.ts";
import { compareValues } from "./typed/compare.ts";

/** What a change of an object does to those who owned its fields. */
export interface Transfer {
  /** What is added or modified, in the version of the request. */
  readonly set: FieldSet;
  /** The fields that change, or come, though others own them. */
  readonly conflicts: ReadonlyMap<string, FieldSet>;
  /** The managers without what was taken from them, and without what is gone. */
  readonly managers: FieldOwners;
}

/** A change in one version. */
interface Changes {
  readonly set: FieldSet;
  readonly removed: FieldSet;
}

/**
 * Takes what changes from its managers, all but one of them (`self`).
 * https://github.com/kubernetes-sigs/structured-merge-diff/blob/v6.3.3/merge/update.go (update)
 */
export function transferFields(
  rules: OwnershipRules,
  before: JsonObject,
  after: JsonObject,
  managers: FieldOwners,
  self: string | undefined,
): Transfer {
  const own = changesInVersion(rules, before, after, rules.apiVersion);
  if (own === undefined) throw new Error(`${rules.apiVersion} is not served`);
  const inVersions = new Map<string, Changes | undefined>([[rules.apiVersion, own]]);
  const changesIn = (version: string) => {
    if (!inVersions.has(version)) inVersions.set(version, changesInVersion(rules, before, after, version));
    return inVersions.get(version);
  };
  const conflicts = new Map<string, FieldSet>();
  const kept = new Map<string, FieldOwner>();
  for (const [id, manager] of managers) {
    let { fields } = manager;
    if (id !== self) {
      const changes = changesIn(manager.apiVersion);
      if (changes === undefined) continue;
      const taken = fields.intersection(changes.set);
      if (!taken.isEmpty) conflicts.set(id, taken);
      fields = fields.difference(taken).difference(changes.removed);
    }
    if (!fields.isEmpty) kept.set(id, fields === manager.fields ? manager : manager.with({ fields }));
  }
  return { set: own.set, conflicts, managers: kept };
}

function changesInVersion(
  rules: OwnershipRules,
  before: JsonObject,
  after: JsonObject,
  version: string,
): Changes | undefined {
  const type = rules.typeOf(version);
  if (type === undefined) return undefined;
  const { added, modified, removed } = compareValues(
    inVersion(rules, before, version),
    inVersion(rules, after, version),
    type,
    rules.resetFields,
  );
  return { set: modified.union(added), removed };
}
