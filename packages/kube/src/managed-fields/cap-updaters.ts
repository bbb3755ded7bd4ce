import { compareText } from "./field-set/path-element.ts";
import { FieldOwner } from "./field-owner.ts";
import type { FieldOwners } from "./field-owners.ts";

/** How many managers by update an object has at most. */
const mostUpdaters = 10;

/**
 * When there are too many managers by update, the oldest of each version become one, `ancient-changes`.
 * https://github.com/kubernetes/apimachinery/blob/v0.36.3/pkg/util/managedfields/internal/capmanagers.go
 */
export function capUpdaters(managers: FieldOwners): FieldOwners {
  const updaters = [...managers].filter(([, { operation }]) => operation === "Update");
  if (updaters.length <= mostUpdaters) return managers;
  updaters.sort(([idOfA, a], [idOfB, b]) => FieldOwner.compareTimes(a, b) || compareText(idOfA, idOfB));
  const capped = new Map<string, FieldOwner>(managers);
  const firstOfVersion = new Map<string, string>();
  let count = updaters.length;
  for (const [id, manager] of updaters) {
    if (count <= mostUpdaters) break;
    const { apiVersion } = manager;
    const first = firstOfVersion.get(apiVersion);
    if (first === undefined) {
      firstOfVersion.set(apiVersion, id);
      continue;
    }
    const bucket = manager.with({ name: "ancient-changes", subresource: "" });
    const ancient = capped.get(bucket.id) ?? capped.get(first);
    if (!capped.has(bucket.id)) capped.delete(first);
    capped.delete(id);
    const fields = ancient === undefined ? manager.fields : manager.fields.union(ancient.fields);
    capped.set(bucket.id, bucket.with({ fields }));
    count -= 1;
  }
  return capped;
}
