import type { ApiContext } from "./api-context.ts";
import { notFound } from "./http/status-error.ts";
import { keyOf, type ObjectRoute } from "./resource.ts";
import type { StoredObject } from "./store/stored-object.ts";

/** The stored object of a route, or 404. */
export function mustFind({ store }: ApiContext, { resource, namespace, name }: ObjectRoute): StoredObject {
  const stored = store.get(resource.collection, keyOf(namespace, name));
  if (stored === undefined) throw notFound(resource.type, name);
  return stored;
}

/** Whether an object is still what is stored. */
export function isCurrent(
  { store }: ApiContext,
  { resource, namespace, name }: ObjectRoute,
  stored: StoredObject,
): boolean {
  return store.get(resource.collection, keyOf(namespace, name)) === stored;
}
