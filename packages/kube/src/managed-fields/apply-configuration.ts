import { deepEqual } from "../deep-equal.ts";
import type { KubeObject, ManagedFieldsEntry } from "../object.ts";
import { isJsonObject, type JsonObject } from "../patch/json-value.ts";
import { ApplyConflict, conflictsOf } from "./apply-conflict.ts";
import { allowedByLastApplied, withLastApplied } from "./last-applied.ts";
import { FieldOwner } from "./field-owner.ts";
import { decodeOwners, encodeOwners, type FieldOwners } from "./field-owners.ts";
import { withoutManagedFields, withoutSystemFields, type OwnershipRules } from "./ownership-rules.ts";
import { pruneFields } from "./prune-fields.ts";
import { updateOwners } from "./track-update.ts";
import { reconcileOwners } from "./reconcile-owners.ts";
import { transferFields } from "./transfer-fields.ts";
import { findTypeErrors, formatTypeErrors } from "./typed/find-type-errors.ts";
import { mergeValues } from "./typed/merge-values.ts";
import type { MergeType } from "./typed/merge-type.ts";
import { toFieldSet } from "./typed/to-field-set.ts";

/** A server-side apply. */
export interface Application {
  /** The object before; undefined when it is created. */
  readonly live: KubeObject | undefined;
  /** What is applied, as it was sent: of the same version and kind as the rules. */
  readonly config: JsonObject;
  readonly manager: string;
  /** Take fields from others. */
  readonly force: boolean;
  /** RFC 3339. */
  readonly now: string;
}

/** What an apply makes of an object, its defaults not filled in. */
export interface Applied {
  readonly object: JsonObject;
  readonly managedFields: ManagedFieldsEntry[] | undefined;
}

/** A configuration that is no object of its kind. */
export class InvalidConfiguration extends Error {}

/**
 * Merges an applied configuration into an object: its manager owns what it names, and what it named the last time and names
 * no more goes, unless others own it too. Throws ApplyConflict when it would change what others own, and
 * InvalidConfiguration.
 * https://github.com/kubernetes/apimachinery/blob/v0.36.3/pkg/util/managedfields/internal/fieldmanager.go (Apply)
 */
export function applyConfiguration(rules: OwnershipRules, application: Application): Applied {
  const { config, manager, force } = application;
  const type = rules.typeOf(rules.apiVersion);
  if (type === undefined) throw new Error(`${rules.apiVersion} is not served`);
  const errors = findTypeErrors(config, type);
  if (errors.length > 0)
    throw new InvalidConfiguration(
      `failed to create typed patch object (${nameOf(config, rules)}): ${formatTypeErrors(errors)}`,
    );
  const live = withoutManagedFields<JsonObject>(
    application.live ?? { apiVersion: rules.apiVersion, kind: rules.kind },
  );
  const managers = managersBefore(rules, application);
  const apply = (isForced: boolean) =>
    mergeAndTake(rules, type, live, managers, { ...application, force: isForced });
  const { object, managers: after } =
    manager === "kubectl" ? applyAfterClientSide(apply, live, force, rules, type) : apply(force);
  return {
    object: manager === "kubectl" ? withLastApplied(object, config) : object,
    managedFields: encodeOwners(after.values()),
  };
}

interface Merged {
  readonly object: JsonObject;
  readonly managers: FieldOwners;
}

/** kubectl may take from whomever what its client-side apply had applied before. */
function applyAfterClientSide(
  apply: (force: boolean) => Merged,
  live: JsonObject,
  force: boolean,
  rules: OwnershipRules,
  type: MergeType,
): Merged {
  try {
    return apply(force);
  } catch (error) {
    if (!(error instanceof ApplyConflict)) throw error;
    const allowed = allowedByLastApplied(live, rules.apiVersion, type);
    if (allowed === undefined) throw error;
    const refused = error.conflicts.filter(({ path }) => !allowed.has(path));
    if (refused.length > 0) throw new ApplyConflict(refused);
    return apply(true);
  }
}

/** https://github.com/kubernetes-sigs/structured-merge-diff/blob/v6.3.3/merge/update.go (Apply) */
function mergeAndTake(
  rules: OwnershipRules,
  type: MergeType,
  live: JsonObject,
  managersBefore: FieldOwners,
  { config, manager: name, force, now }: Application,
): Merged {
  const { apiVersion, subresource, resetFields } = rules;
  const known = reconcileOwners(rules, managersBefore);
  const fields = toFieldSet(config, type).recursiveDifference(resetFields);
  const applier = {
    name,
    operation: "Apply",
    apiVersion,
    subresource,
    time: now,
    fields,
    fits: type,
  } as const;
  const own = new FieldOwner(applier);
  const last = known.get(own.id);
  const merged = mergeValues(live, config, type) as JsonObject;
  const owners = new Map<string, FieldOwner>(known).set(own.id, own);
  const object = pruneFields(rules, merged, owners, last);
  const { conflicts, managers } = transferFields(rules, live, object, owners, own.id);
  if (conflicts.size > 0 && !force) throw new ApplyConflict(conflictsOf(conflicts, owners));
  const isSame = deepEqual(live, object);
  return {
    object: isSame ? live : object,
    managers: withApplier(managers, own.id, isSame ? last?.time : now),
  };
}

function withApplier(managers: FieldOwners, id: string, time: string | undefined): FieldOwners {
  const applier = managers.get(id);
  if (applier === undefined) return managers;
  const fields = withoutSystemFields(applier.fields);
  const changed = new Map<string, FieldOwner>(managers);
  if (fields.isEmpty) changed.delete(id);
  else changed.set(id, applier.with({ fields, time }));
  return changed;
}

/** What an object had before somebody applied it for the first time belongs to `before-first-apply`. */
function managersBefore(rules: OwnershipRules, { live, now }: Application): FieldOwners {
  const managers = decodeOwners(live?.metadata.managedFields);
  if (managers.size > 0 || live === undefined) return managers;
  return updateOwners(rules, { live: undefined, next: live, manager: "before-first-apply", now }, managers);
}

function nameOf({ metadata }: JsonObject, { apiVersion, kind }: OwnershipRules): string {
  const { namespace, name } = isJsonObject(metadata) ? metadata : {};
  const version = apiVersion.includes("/") ? apiVersion : `/${apiVersion}`;
  return `${textOf(namespace)}/${textOf(name)}; ${version}, Kind=${kind}`;
}

function textOf(value: unknown): string {
  return typeof value === "string" ? value : "";
}
