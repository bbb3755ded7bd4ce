import type { KubeObject, LabelSelector } from "@seaworthy/kube";
import type { ApiContext } from "../../api-context.ts";
import type { ClientConfig } from "../../webhooks/client-config.ts";
import type { AdmissionAttributes } from "../admission-request.ts";
import { mayMatch } from "../matching/match-request.ts";
import type { AdmissionRule } from "../matching/matches-rule.ts";

/** A webhook as its configuration has it, with its defaults. */
export interface Webhook {
  readonly name: string;
  readonly clientConfig: ClientConfig;
  readonly rules?: readonly AdmissionRule[];
  readonly matchPolicy?: string;
  readonly namespaceSelector?: LabelSelector;
  readonly objectSelector?: LabelSelector;
  readonly matchConditions?: readonly { readonly name: string; readonly expression: string }[];
  readonly failurePolicy?: string;
  readonly sideEffects?: string;
  readonly timeoutSeconds?: number;
  readonly admissionReviewVersions: readonly string[];
  /** Of a mutating one only. */
  readonly reinvocationPolicy?: string;
}

/**
 * The webhooks of one sort that may have to do with a request, in the order in which they are called: by the names of
 * their configurations, and as they stand there. Nobody has a say in what configures admission itself, so that no
 * webhook keeps its own removal from happening.
 */
export function webhooksFor(
  { store }: ApiContext,
  sort: "mutatingwebhookconfigurations" | "validatingwebhookconfigurations",
  attributes: AdmissionAttributes,
): Webhook[] {
  // Objects of a collection are in the order of their names.
  const configurations = store.list(`admissionregistration.k8s.io/${sort}`);
  if (configurations.length === 0 || isExempt(attributes)) return [];
  return configurations
    .flatMap(({ object }) => (object as KubeObject & { readonly webhooks?: Webhook[] }).webhooks ?? [])
    .filter(
      ({ rules = [], matchPolicy = "Equivalent" }) =>
        rules.length > 0 && mayMatch({ resourceRules: rules, matchPolicy }, attributes),
    );
}

/** https://github.com/kubernetes/apiserver/blob/v0.36.3/pkg/admission/plugin/webhook/predicates/rules/rules.go */
function isExempt({ kind: { group, kind } }: AdmissionAttributes): boolean {
  return (
    group === "admissionregistration.k8s.io" &&
    /^(?:Validating|Mutating)(?:WebhookConfiguration|AdmissionPolicy(?:Binding)?)$/.test(kind)
  );
}
