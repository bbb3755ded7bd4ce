import type { JsonObject, ServedType } from "@seaworthy/kube";
import type { ApiContext } from "../../api-context.ts";
import { forbidden } from "../../http/status-error.ts";
import type { AdmissionRequest } from "../admission-request.ts";
import { admissionBindings } from "../matching/admission-bindings.ts";
import { matchConditions } from "../matching/match-conditions.ts";
import { matchRequest } from "../matching/match-request.ts";
import { objectIn } from "../matching/object-in.ts";
import type { Webhook } from "./configured-webhooks.ts";

/** A request as a webhook is to see it: in the version that its rules name. */
export interface Match {
  readonly type: ServedType;
  readonly object: JsonObject | undefined;
  readonly oldObject: JsonObject | undefined;
}

/**
 * Whether a webhook is to be called for a request; undefined when not.
 * https://github.com/kubernetes/apiserver/blob/v0.36.3/pkg/admission/plugin/webhook/generic/webhook.go (ShouldCallHook)
 */
export function matchWebhook(
  context: ApiContext,
  webhook: Webhook,
  request: AdmissionRequest,
): Match | undefined {
  const { rules = [], matchPolicy = "Equivalent", namespaceSelector, objectSelector } = webhook;
  const choice = {
    resourceRules: rules,
    matchPolicy,
    ...(namespaceSelector === undefined ? {} : { namespaceSelector }),
    ...(objectSelector === undefined ? {} : { objectSelector }),
  };
  const type = matchRequest(context, choice, request);
  if (type === undefined) return undefined;
  const { matchConditions: conditions = [], failurePolicy } = webhook;
  if (conditions.length > 0) {
    const answer = matchConditions(conditions, failurePolicy, admissionBindings(context, request, type));
    if ("error" in answer) throw forbidden(request.resource.type, request.name, answer.error);
    if (!answer.matches) return undefined;
  }
  const { object, oldObject } = request;
  return { type, object: objectIn(request, object, type), oldObject: objectIn(request, oldObject, type) };
}
