import type { KubeObject, ManagedFieldsEntry } from "../object.ts";
import { capUpdaters } from "./cap-updaters.ts";
import { ManagedFieldsError, FieldOwner } from "./field-owner.ts";
import { decodeOwners, encodeOwners, type FieldOwners } from "./field-owners.ts";
import { withoutManagedFields, withoutSystemFields, type OwnershipRules } from "./ownership-rules.ts";
import { reconcileOwners } from "./reconcile-owners.ts";
import { transferFields } from "./transfer-fields.ts";

/** A create, an update or a patch: all that is no apply. */
export interface TrackedUpdate {
  /** The object before; undefined when it is created. */
  readonly live: KubeObject | undefined;
  /** The object as the client wants it, with its defaults, before the server changes anything of it. */
  readonly next: KubeObject;
  /** Who writes. */
  readonly manager: string;
  /** RFC 3339. */
  readonly now: string;
}

/**
 * The managedFields of an object after an update: who changes a field or adds it owns it, alone. Who says nothing of
 * managedFields keeps them, `[{}]` and `[]` drop them, and an object without any is not tracked until somebody applies it.
 * https://github.com/kubernetes/apimachinery/blob/v0.36.3/pkg/util/managedfields/internal/fieldmanager.go (Update)
 */
export function trackUpdate(rules: OwnershipRules, update: TrackedUpdate): ManagedFieldsEntry[] | undefined {
  const managers = managersBefore(rules, update);
  if (managers.size === 0 && update.live !== undefined) return undefined;
  return encodeOwners(updateOwners(rules, update, managers).values());
}

/** The managers after an update, by who they were before. */
export function updateOwners(
  rules: OwnershipRules,
  update: TrackedUpdate,
  managers: FieldOwners,
): FieldOwners {
  const { live, next, manager: name, now } = update;
  const before = live ?? { apiVersion: rules.apiVersion, kind: rules.kind };
  const known = reconcileOwners(rules, managers);
  const transfer = transferFields(
    rules,
    withoutManagedFields(before),
    withoutManagedFields(next),
    known,
    undefined,
  );
  const fields = withoutSystemFields(transfer.set);
  if (fields.isEmpty) return capUpdaters(transfer.managers);
  const updater = new FieldOwner({
    name: name === "" ? "unknown" : name,
    operation: "Update",
    apiVersion: rules.apiVersion,
    subresource: rules.subresource,
    time: now,
    fields,
    fits: rules.typeOf(rules.apiVersion),
  });
  return capUpdaters(withUpdater(transfer.managers, updater));
}

function withUpdater(managers: FieldOwners, updater: FieldOwner): FieldOwners {
  const own = managers.get(updater.id)?.fields;
  const joined = own === undefined ? updater : updater.with({ fields: updater.fields.union(own) });
  return new Map(managers).set(updater.id, joined);
}

/** A subresource has no say in managedFields; what cannot be read is as if it had not been sent. */
function managersBefore({ subresource }: OwnershipRules, { live, next }: TrackedUpdate): FieldOwners {
  if (subresource === "") {
    const sent = next.metadata.managedFields;
    if (sent !== undefined && isReset(sent)) return new Map();
    const managers = decodeOrNone(sent);
    if (managers.size > 0) return managers;
  }
  return decodeOrNone(live?.metadata.managedFields);
}

function isReset(entries: readonly ManagedFieldsEntry[]): boolean {
  const [only] = entries;
  return only === undefined || (entries.length === 1 && Object.keys(only).length === 0);
}

function decodeOrNone(entries: readonly ManagedFieldsEntry[] | undefined): FieldOwners {
  try {
    return decodeOwners(entries);
  } catch (error) {
    if (error instanceof ManagedFieldsError) return new Map();
    throw error;
  }
}
