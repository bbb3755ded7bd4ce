import type { JsonObject } from "@seaworthy/kube";
import type { ApiContext } from "../api-context.ts";
import { StatusError } from "../http/status-error.ts";
import type { AdmissionAttributes, AdmissionRequest, Mutate, Validate } from "./admission-request.ts";
import { mutateByPolicies } from "./policies/mutate-by-policies.ts";
import { validateByPolicies } from "./policies/validate-by-policies.ts";
import { beginMutatingWebhooks } from "./webhooks/mutating-webhooks.ts";
import { beginValidatingWebhooks } from "./webhooks/validating-webhooks.ts";

/** What others have to say to one request. */
export interface Admission {
  /** The object as they change it; the same one when nobody does. */
  mutate<T extends JsonObject | undefined>(object: T, oldObject: JsonObject | undefined): Promise<T>;
  /** Throws when one of them is against it. */
  validate(object: JsonObject | undefined, oldObject: JsonObject | undefined): Promise<void>;
  /** What the client is to be warned of. */
  readonly warnings: readonly string[];
}

/**
 * Begins the admission of a request by those that clients configure. Undefined when nobody is to be asked; then the
 * request is answered in the turn of the event loop in which it came.
 *
 * Where an object was changed, this server's own admission sees it once more, and then those that want to.
 * https://github.com/kubernetes/apiserver/blob/v0.36.3/pkg/admission/reinvocation.go
 */
export function beginAdmission(context: ApiContext, asked: AdmissionAttributes): Admission | undefined {
  const { group, plural } = asked.resource.type;
  // A request for a Namespace is one in it.
  const attributes = group === "" && plural === "namespaces" ? { ...asked, namespace: asked.name } : asked;
  const mutating = mutatingSteps.flatMap((begin) => begin(context, attributes) ?? []);
  const validating = validatingSteps.flatMap((begin) => begin(context, attributes) ?? []);
  if (mutating.length === 0 && validating.length === 0) return undefined;
  const warnings: string[] = [];
  return {
    warnings,
    async mutate(object, oldObject) {
      const request: AdmissionRequest = { ...attributes, object, oldObject, warnings };
      await warned(warnings, async () => {
        if (!(await mutateOnce(mutating, request, false))) return;
        if (request.object !== undefined)
          request.object = attributes.readmit?.(request.object) ?? request.object;
        await mutateOnce(mutating, request, true);
      });
      return request.object as typeof object;
    },
    async validate(object, oldObject) {
      const request: AdmissionRequest = { ...attributes, object, oldObject, warnings };
      await warned(warnings, async () => {
        for (const validate of validating) await validate(request);
      });
    },
  };
}

/** In Kubernetes' order. Each is made anew for a request, and is undefined where it has nothing to do with it. */
const mutatingSteps: readonly ((
  context: ApiContext,
  attributes: AdmissionAttributes,
) => Mutate | undefined)[] = [mutateByPolicies, beginMutatingWebhooks];
const validatingSteps: readonly ((
  context: ApiContext,
  attributes: AdmissionAttributes,
) => Validate | undefined)[] = [validateByPolicies, beginValidatingWebhooks];

async function mutateOnce(
  steps: readonly Mutate[],
  request: AdmissionRequest,
  again: boolean,
): Promise<boolean> {
  let isChanged = false;
  for (const mutate of steps) if (await mutate(request, again)) isChanged = true;
  return isChanged;
}

/** A refusal comes with the warnings that came before it. */
async function warned(warnings: readonly string[], act: () => Promise<void>): Promise<void> {
  try {
    await act();
  } catch (error) {
    if (error instanceof StatusError) error.warnings = [...error.warnings, ...warnings];
    throw error;
  }
}
