import type { JsonObject, KubeObject } from "@seaworthy/kube";
import type { ApiContext } from "../api-context.ts";
import { isShowable, rememberConverted, type Resource } from "../resource.ts";
import type { StoredObject } from "../store/stored-object.ts";
import { convertObjects } from "./convert-objects.ts";

/**
 * Has objects converted into the version of a resource, so that they can be shown in it from now on. Undefined where
 * that is so already, as for all kinds but those whose definition names a webhook. A version of an object is asked for once.
 */
export function prepareToShow(
  context: ApiContext,
  resource: Resource,
  objects: readonly (StoredObject | undefined)[],
): Promise<void> | undefined {
  if (resource.type.conversionWebhook === undefined) return undefined;
  const missing = objects.filter(
    (stored): stored is StoredObject => stored !== undefined && !isShowable(resource, stored),
  );
  return missing.length === 0 ? undefined : convertAll(context, resource, missing);
}

async function convertAll(
  context: ApiContext,
  { type }: Resource,
  objects: readonly StoredObject[],
): Promise<void> {
  const byVersion = Map.groupBy(objects, ({ object }) => object.apiVersion);
  for (const sameVersion of byVersion.values()) {
    const sent = sameVersion.map(({ object }) => object as unknown as JsonObject);
    const converted = await convertObjects(context, type, sent, type.apiVersion);
    for (const [index, stored] of sameVersion.entries())
      rememberConverted(type, stored, converted[index] as unknown as KubeObject);
  }
}

/** How often a collection is looked at again that others write to while it is converted. */
const mostTries = 10;

/**
 * Does something for which all objects of a collection have to be shown, in the turn of the event loop in which they can
 * be. Older states of them are there if they were shown before.
 */
export async function whenAllShowable<T>(
  context: ApiContext,
  resource: Resource,
  namespace: string | undefined,
  act: () => T,
): Promise<T> {
  for (let tries = 0; tries < mostTries; tries += 1) {
    const waiting = prepareToShow(context, resource, context.store.list(resource.collection, namespace));
    if (waiting === undefined) break;
    await waiting;
  }
  return act();
}
