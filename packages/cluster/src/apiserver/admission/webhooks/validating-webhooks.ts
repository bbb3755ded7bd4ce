import type { ApiContext } from "../../api-context.ts";
import type { AdmissionAttributes, Validate } from "../admission-request.ts";
import { callWebhook } from "./call-webhook.ts";
import { webhooksFor } from "./configured-webhooks.ts";
import { matchWebhook } from "./match-webhook.ts";

/**
 * Calls ValidatingWebhookConfigurations' webhooks, all at once; undefined when none has to do with the request. All are
 * waited for, and of those that deny the first is told.
 * https://github.com/kubernetes/apiserver/blob/v0.36.3/pkg/admission/plugin/webhook/validating/dispatcher.go
 */
export function beginValidatingWebhooks(
  context: ApiContext,
  attributes: AdmissionAttributes,
): Validate | undefined {
  const webhooks = webhooksFor(context, "validatingwebhookconfigurations", attributes);
  if (webhooks.length === 0) return undefined;
  return async (request) => {
    const calls = webhooks.flatMap((webhook) => {
      const match = matchWebhook(context, webhook, request);
      return match === undefined ? [] : [{ webhook, match }];
    });
    const answers = await Promise.allSettled(
      calls.map(({ webhook, match }) => callWebhook(context, webhook, request, match, false)),
    );
    for (const answer of answers) if (answer.status === "rejected") throw answer.reason;
  };
}
