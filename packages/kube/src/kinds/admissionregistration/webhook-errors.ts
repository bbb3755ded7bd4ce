import type {
  AdmissionregistrationV1ServiceReference,
  AdmissionregistrationV1WebhookClientConfig,
  V1MutatingWebhook,
} from "@kubernetes/client-node";
import { deepEqual } from "../../deep-equal.ts";
import type { KubeObject, LabelSelector, Unchecked } from "../../object.ts";
import {
  duplicateValue,
  invalidBecause,
  invalidValue,
  requiredValue,
  unsupportedValue,
  type FieldErrors,
} from "../field-error.ts";
import { labelSelectorErrors } from "../meta/label-errors.ts";
import { dns1035Label, dns1123Subdomain } from "../meta/names.ts";
import { portErrors } from "../meta/number-errors.ts";
import { objectMetaErrors } from "../meta/object-meta-errors.ts";
import { matchConditionErrors } from "./match-condition-errors.ts";
import { ruleErrors } from "./rule-errors.ts";
import { webhookUrlErrors } from "./webhook-url-errors.ts";

/** A webhook of either sort; a validating one is never called again. */
type Webhook = Unchecked<V1MutatingWebhook>;

/** What webhooks that were there already may still be. */
interface Allowances {
  readonly sideEffects: boolean;
  readonly unknownVersions: boolean;
  readonly repeatedNames: boolean;
  readonly conditions: boolean;
}

/** What is wrong with a configuration of webhooks, new or changed. */
export function* webhookConfigurationErrors(object: KubeObject, old?: KubeObject): FieldErrors {
  const webhooks = webhooksOf(object);
  const allowed = allowancesOf(webhooks, old === undefined ? undefined : webhooksOf(old));
  yield* objectMetaErrors(object);
  const names = new Set<string>();
  for (const [index, webhook] of webhooks.entries()) {
    const field = `webhooks[${index}]`;
    const { name = "", admissionReviewVersions = [] } = webhook;
    yield* webhookErrors(field, webhook, allowed);
    yield* reviewVersionErrors(`${field}.admissionReviewVersions`, admissionReviewVersions, allowed);
    if (allowed.repeatedNames || name === "") continue;
    if (names.has(name)) yield duplicateValue(`${field}.name`, name);
    names.add(name);
  }
}

function webhooksOf(object: KubeObject): readonly Webhook[] {
  return (object as { readonly webhooks?: Webhook[] }).webhooks ?? [];
}

function allowancesOf(webhooks: readonly Webhook[], old: readonly Webhook[] | undefined): Allowances {
  if (old === undefined)
    return { sideEffects: false, unknownVersions: false, repeatedNames: false, conditions: false };
  const conditionsOf = (list: readonly Webhook[]) => list.map(({ matchConditions = [] }) => matchConditions);
  return {
    sideEffects: old.some(({ sideEffects = "" }) => !harmless.includes(sideEffects)),
    unknownVersions: old.some(
      ({ admissionReviewVersions: versions = [] }) =>
        versions.length > 0 && !versions.some((version) => reviewVersions.includes(version)),
    ),
    repeatedNames: new Set(old.map(({ name }) => name)).size < old.length,
    conditions: deepEqual(conditionsOf(webhooks), conditionsOf(old)),
  };
}

const harmless = ["None", "NoneOnDryRun"];
const anyEffects = ["None", "NoneOnDryRun", "Some", "Unknown"];

function* webhookErrors(field: string, webhook: Webhook, allowed: Allowances): FieldErrors {
  const { name = "", rules = [], sideEffects, timeoutSeconds, clientConfig = {} } = webhook;
  yield* fullNameErrors(`${field}.name`, name);
  for (const [index, rule] of rules.entries()) yield* ruleErrors(`${field}.rules[${index}]`, rule);
  yield* choiceErrors(`${field}.failurePolicy`, webhook.failurePolicy, ["Fail", "Ignore"]);
  yield* choiceErrors(`${field}.matchPolicy`, webhook.matchPolicy, ["Equivalent", "Exact"]);
  const effects = allowed.sideEffects ? anyEffects : harmless;
  if (sideEffects === undefined)
    yield requiredValue(`${field}.sideEffects`, `must specify one of ${effects.join(", ")}`);
  yield* choiceErrors(`${field}.sideEffects`, sideEffects, effects);
  if (timeoutSeconds !== undefined && (timeoutSeconds < 1 || timeoutSeconds > 30))
    yield invalidValue(
      `${field}.timeoutSeconds`,
      timeoutSeconds,
      "the timeout value must be between 1 and 30 seconds",
    );
  for (const selector of ["namespaceSelector", "objectSelector"] as const)
    yield* labelSelectorErrors(`${field}.${selector}`, webhook[selector] as LabelSelector | undefined);
  yield* choiceErrors(`${field}.reinvocationPolicy`, webhook.reinvocationPolicy, ["IfNeeded", "Never"]);
  yield* clientErrors(`${field}.clientConfig`, clientConfig);
  if (!allowed.conditions) yield* matchConditionErrors(`${field}.matchConditions`, webhook.matchConditions);
}

function* choiceErrors(field: string, value: string | undefined, choices: readonly string[]): FieldErrors {
  if (value !== undefined && !choices.includes(value)) yield unsupportedValue(field, value, choices);
}

function* fullNameErrors(field: string, name: string): FieldErrors {
  if (name === "") return yield requiredValue(field);
  const reasons = dns1123Subdomain(name);
  if (reasons.length > 0) yield invalidValue(field, name, reasons.join(","));
  else if (name.split(".").length < 3)
    yield invalidValue(field, name, "should be a domain with at least three segments separated by dots");
}

const reviewVersions = ["v1", "v1beta1"];

function* reviewVersionErrors(
  field: string,
  versions: readonly string[],
  { unknownVersions }: Allowances,
): FieldErrors {
  if (versions.length === 0)
    return yield requiredValue(field, `must specify one of ${reviewVersions.join(", ")}`);
  for (const [index, version] of versions.entries()) {
    const at = `${field}[${index}]`;
    if (versions.indexOf(version) < index) yield invalidValue(at, version, "duplicate version");
    else yield* invalidBecause(at, version, dns1035Label(version));
  }
  if (!unknownVersions && !versions.some((version) => reviewVersions.includes(version)))
    yield invalidValue(field, versions, `must include at least one of ${reviewVersions.join(", ")}`);
}

function* clientErrors(
  field: string,
  { url, service }: Unchecked<AdmissionregistrationV1WebhookClientConfig>,
): FieldErrors {
  if ((url === undefined) === (service === undefined))
    yield requiredValue(field, "exactly one of url or service is required");
  else if (url !== undefined) yield* webhookUrlErrors(`${field}.url`, url);
  else yield* serviceErrors(`${field}.service`, service ?? {});
}

/** Kubernetes takes the name for the namespace here, and the namespace for the name. */
function* serviceErrors(
  field: string,
  service: Unchecked<AdmissionregistrationV1ServiceReference>,
): FieldErrors {
  const { name = "", namespace = "", port = 443, path = "" } = service;
  if (namespace === "") yield requiredValue(`${field}.name`);
  if (name === "") yield requiredValue(`${field}.namespace`);
  for (const { message } of portErrors(`${field}.port`, port))
    yield {
      reason: "FieldValueInvalid",
      field: `${field}.port`,
      message: message.replace(/^(Invalid value: -?\d+: )/, "$1port is not valid: "),
    };
  yield* servicePathErrors(`${field}.path`, path);
}

function* servicePathErrors(field: string, path: string): FieldErrors {
  if (path === "" || path === "/") return;
  if (path === "//") return yield invalidValue(field, path, "segment[0] may not be empty");
  if (!path.startsWith("/")) yield invalidValue(field, path, "must start with a '/'");
  const steps = path.slice(1).replace(/\/$/, "").split("/");
  for (const [index, step] of steps.entries()) {
    if (step === "") yield invalidValue(field, path, `segment[${index}] may not be empty`);
    else
      for (const reason of dns1123Subdomain(step))
        yield invalidValue(field, path, `segment[${index}]: ${reason}`);
  }
}
