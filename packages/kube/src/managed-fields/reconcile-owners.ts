import type { FieldOwner } from "./field-owner.ts";
import type { FieldOwners } from "./field-owners.ts";
import type { OwnershipRules } from "./ownership-rules.ts";
import { reconcileFields } from "./typed/reconcile-fields.ts";

/** FieldOwners whose fields fit the types as they are now; those of versions that are not served any more are left out. */
export function reconcileOwners(rules: OwnershipRules, managers: FieldOwners): FieldOwners {
  let changed: Map<string, FieldOwner> | undefined;
  for (const [id, manager] of managers) {
    const type = rules.typeOf(manager.apiVersion);
    if (type !== undefined && manager.fits === type) continue;
    changed ??= new Map(managers);
    if (type === undefined) changed.delete(id);
    else changed.set(id, manager.with({ fields: reconcileFields(manager.fields, type), fits: type }));
  }
  return changed ?? managers;
}
