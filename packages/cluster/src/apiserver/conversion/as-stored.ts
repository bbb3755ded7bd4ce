import type { JsonObject, KubeObject } from "@seaworthy/kube";
import type { ApiContext } from "../api-context.ts";
import type { Resource } from "../resource.ts";
import { convertObjects } from "./convert-objects.ts";

/** A draft in the version in which its kind is stored. Undefined where it can be stored as it is, without a webhook. */
export function asStored(
  context: ApiContext,
  resource: Resource,
  draft: KubeObject,
): Promise<KubeObject> | undefined {
  const { type, storedAs } = resource;
  if (type.conversionWebhook === undefined || type.apiVersion === storedAs) return undefined;
  return convert(context, resource, draft);
}

async function convert(
  context: ApiContext,
  { type, storedAs, typeIn }: Resource,
  draft: KubeObject,
): Promise<KubeObject> {
  const sent = { ...draft, apiVersion: type.apiVersion } as unknown as JsonObject;
  const [converted] = await convertObjects(context, type, [sent], storedAs);
  const object = structuredClone(converted!);
  // What the stored version has no field for is not stored, and what it has defaults for is.
  return (typeIn(storedAs)?.read?.(object) ?? object) as KubeObject;
}
