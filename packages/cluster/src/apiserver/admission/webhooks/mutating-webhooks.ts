import { deepEqual, jsonPatch, type JsonObject, type JsonPatchOperation } from "@seaworthy/kube";
import type { ApiContext } from "../../api-context.ts";
import type { AdmissionAttributes, AdmissionRequest, Mutate } from "../admission-request.ts";
import { isOfKind } from "../matching/object-in.ts";
import { callWebhook, failedCall, internalError } from "./call-webhook.ts";
import { webhooksFor, type Webhook } from "./configured-webhooks.ts";
import { matchWebhook, type Match } from "./match-webhook.ts";

/**
 * Calls MutatingWebhookConfigurations' webhooks, one after the other; undefined when none has to do with the request. In
 * the second round those are called again that ask for it, if somebody changed the object after they saw it.
 * https://github.com/kubernetes/apiserver/blob/v0.36.3/pkg/admission/plugin/webhook/mutating/dispatcher.go
 */
export function beginMutatingWebhooks(
  context: ApiContext,
  attributes: AdmissionAttributes,
): Mutate | undefined {
  const webhooks = webhooksFor(context, "mutatingwebhookconfigurations", attributes);
  if (webhooks.length === 0) return undefined;
  /** Those that want to see what others change after them. */
  let watching = new Set<Webhook>();
  let due = new Set<Webhook>();
  let last: JsonObject | undefined;
  const changed = () => {
    due = new Set([...due, ...watching]);
    watching = new Set();
  };
  return async (request, again) => {
    if (!again) watching = due = new Set();
    else if (!deepEqual(request.object, last)) changed();
    let isChanged = false;
    for (const webhook of webhooks) {
      const match = matchWebhook(context, webhook, request);
      if (match === undefined || (again && !due.has(webhook))) continue;
      if (await mutateBy(context, webhook, request, match)) {
        changed();
        isChanged = true;
      }
      if (webhook.reinvocationPolicy === "IfNeeded") watching.add(webhook);
    }
    last = request.object;
    return isChanged;
  };
}

/** Puts what a webhook makes of the object in its place, and says whether that is another one. */
async function mutateBy(
  context: ApiContext,
  webhook: Webhook,
  request: AdmissionRequest,
  match: Match,
): Promise<boolean> {
  const { patch, patchType } = await callWebhook(context, webhook, request, match, true);
  const operations = readPatch(webhook, patch);
  if (operations.length === 0) return false;
  const before = request.object;
  if (before === undefined || match.object === undefined) {
    const name = JSON.stringify(webhook.name);
    throw internalError(
      `admission webhook ${name} attempted to modify the object, which is not supported for this operation`,
    );
  }
  if (patchType !== "JSONPatch")
    throw failedCall(webhook, new Error(`unsupported patch type ${JSON.stringify(patchType)}`));
  try {
    const patched = asRequested(request, jsonPatch(match.object, operations) as JsonObject);
    request.object = request.complete?.(patched) ?? patched;
  } catch (error) {
    throw internalError((error as Error).message);
  }
  return !deepEqual(before, request.object);
}

/** Throws where the patch is of no use and is needed. */
function readPatch(webhook: Webhook, patch: string): JsonPatchOperation[] {
  if (patch === "") return [];
  try {
    const operations = JSON.parse(patch) as unknown;
    if (Array.isArray(operations)) return operations as JsonPatchOperation[];
    throw new Error("json: cannot unmarshal object into Go value of type jsonpatch.Patch");
  } catch (error) {
    if (webhook.failurePolicy === "Ignore") return [];
    const why = `received undecodable patch in webhook response: ${(error as Error).message}`;
    throw failedCall(webhook, new Error(why));
  }
}

/** What a webhook was shown in another version is turned back. */
function asRequested(request: AdmissionRequest, object: JsonObject): JsonObject {
  const { type } = request.resource;
  if (!isOfKind(request) || object["apiVersion"] === type.apiVersion) return object;
  return { ...(type.convert?.(object, type.apiVersion) ?? object), apiVersion: type.apiVersion };
}
