import type { ApiContext } from "../../api-context.ts";
import { badRequest, StatusError } from "../../http/status-error.ts";
import { postToWebhook } from "../../webhooks/post-to-webhook.ts";
import type { AdmissionRequest } from "../admission-request.ts";
import { admissionReview, denial, readResponse } from "./admission-review.ts";
import type { Webhook } from "./configured-webhooks.ts";
import type { Match } from "./match-webhook.ts";

/** How long a webhook that says nothing of it may take. */
const defaultTimeoutSeconds = 10;

/**
 * Asks a webhook, and gives the patch that it wants; empty for none. Throws when it denies, and when it could not be
 * asked, unless it may be done without.
 */
export async function callWebhook(
  context: ApiContext,
  webhook: Webhook,
  request: AdmissionRequest,
  match: Match,
  mutates: boolean,
): Promise<{ readonly patch: string; readonly patchType: string }> {
  checkDryRun(webhook, request);
  try {
    return await ask(context, webhook, request, match, mutates);
  } catch (error) {
    if (error instanceof StatusError) throw error;
    if (webhook.failurePolicy === "Ignore") return { patch: "", patchType: "" };
    throw failedCall(webhook, error);
  }
}

/** 500: a webhook that is needed was of no help. */
export function failedCall({ name }: Pick<Webhook, "name">, error: unknown): StatusError {
  const message = `failed calling webhook ${JSON.stringify(name)}: ${(error as Error).message}`;
  return internalError(message);
}

/** NewInternalError of https://github.com/kubernetes/apimachinery/blob/v0.36.3/pkg/api/errors/errors.go */
export function internalError(message: string): StatusError {
  return new StatusError(500, "InternalError", `Internal error occurred: ${message}`, {
    causes: [{ message }],
  });
}

function checkDryRun({ name, sideEffects }: Webhook, { dryRun }: AdmissionRequest): void {
  if (!dryRun || sideEffects === "None" || sideEffects === "NoneOnDryRun") return;
  throw badRequest(`admission webhook ${JSON.stringify(name)} does not support dry run`);
}

async function ask(
  context: ApiContext,
  webhook: Webhook,
  request: AdmissionRequest,
  match: Match,
  mutates: boolean,
): Promise<{ readonly patch: string; readonly patchType: string }> {
  const { name, clientConfig, timeoutSeconds = defaultTimeoutSeconds } = webhook;
  const asked = admissionReview(context, webhook, request, match);
  if (asked === undefined)
    throw new Error(
      "could not create admission objects: webhook does not accept known AdmissionReview versions (v1, v1beta1)",
    );
  const answer = await wrapped("failed to call webhook", () =>
    postToWebhook(context, clientConfig, asked.review, timeoutSeconds * 1000),
  );
  const response = await wrapped("received invalid webhook response", () =>
    readResponse(answer, asked, mutates),
  );
  request.warnings.push(...response.warnings);
  if (!response.allowed) throw denial(name, response.status);
  return response;
}

async function wrapped<T>(what: string, act: () => T | Promise<T>): Promise<T> {
  try {
    return await act();
  } catch (error) {
    throw new Error(`${what}: ${(error as Error).message}`, { cause: error });
  }
}
