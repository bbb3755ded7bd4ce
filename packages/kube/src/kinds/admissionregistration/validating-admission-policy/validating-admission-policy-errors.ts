import type { V1AuditAnnotation, V1ValidatingAdmissionPolicy, V1Validation } from "@kubernetes/client-node";
import { compilePolicy, type CompiledPolicy } from "../../../admission-expressions/compile-policy.ts";
import { inGo } from "../../../go/in-go.ts";
import type { KubeObject, Unchecked } from "../../../object.ts";
import {
  duplicateValue,
  invalidBecause,
  invalidValue,
  requiredValue,
  unsupportedValue,
  type FieldErrors,
} from "../../field-error.ts";
import { byteLength, qualifiedName } from "../../meta/names.ts";
import { objectMetaErrors } from "../../meta/object-meta-errors.ts";
import { policyErrors } from "../policy-errors.ts";

type Spec = NonNullable<Unchecked<V1ValidatingAdmissionPolicy>["spec"]>;

const mostAnnotations = 20;

/** What is wrong with a ValidatingAdmissionPolicy, new or changed. */
export function* validatingAdmissionPolicyErrors(object: KubeObject, old?: KubeObject): FieldErrors {
  const spec = specOf(object);
  const { validations = [], auditAnnotations = [] } = spec;
  yield* objectMetaErrors(object);
  const compiled = compilePolicy(spec);
  yield* policyErrors(spec, old === undefined ? undefined : specOf(old), compiled);
  if (validations.length + auditAnnotations.length === 0) {
    const why = "validations or auditAnnotations must contain at least one item";
    yield requiredValue("spec.validations", why);
    return yield requiredValue("spec.auditAnnotations", why);
  }
  for (const [index, validation] of validations.entries())
    yield* validationErrors(`spec.validations[${index}]`, validation, compiled);
  yield* auditErrors("spec.auditAnnotations", object.metadata.name ?? "", auditAnnotations, compiled);
}

function specOf(object: KubeObject): Spec {
  return (object as Unchecked<V1ValidatingAdmissionPolicy>).spec ?? {};
}

const reasons = ["Forbidden", "Invalid", "RequestEntityTooLarge"];

function* validationErrors(
  field: string,
  validation: Unchecked<V1Validation>,
  { compile }: CompiledPolicy,
): FieldErrors {
  const { expression = "", message = "", messageExpression = "", reason } = validation;
  const empty = "must be non-empty if specified";
  if (expression.trim() === "") yield requiredValue(`${field}.expression`, "expression is not specified");
  else yield* compilationErrors(`${field}.expression`, expression, compile(expression, ["bool"]).error);
  if (messageExpression !== "" && messageExpression.trim() === "")
    yield invalidValue(`${field}.messageExpression`, messageExpression, empty);
  else if (messageExpression !== "")
    yield* compilationErrors(
      `${field}.messageExpression`,
      messageExpression,
      compile(messageExpression, ["string"]).error,
    );
  if (message !== "" && message.trim() === "") yield invalidValue(`${field}.message`, message, empty);
  else if (/[\n\r]/.test(message.trim()))
    yield invalidValue(`${field}.message`, message, "must not contain line breaks");
  if (reason !== undefined && !reasons.includes(reason))
    yield unsupportedValue(`${field}.reason`, reason, reasons);
}

function* compilationErrors(field: string, expression: string, error: string | undefined): FieldErrors {
  if (error !== undefined) yield invalidValue(field, expression, error);
}

const longestExpression = 5 * 1024;

function* auditErrors(
  field: string,
  policyName: string,
  annotations: readonly Unchecked<V1AuditAnnotation>[],
  { compile }: CompiledPolicy,
): FieldErrors {
  if (annotations.length > mostAnnotations)
    yield invalidValue(
      field,
      inGo("[]admissionregistration.AuditAnnotation", annotations),
      `must not have more than ${mostAnnotations} auditAnnotations`,
    );
  const keys = new Set<string>();
  for (const [index, { key = "", valueExpression = "" }] of annotations.entries()) {
    const at = `${field}[${index}]`;
    const full = `${policyName}/${key}`;
    if (policyName === "") yield invalidValue(`${at}.key`, key, "requires metadata.name be non-empty");
    else yield* invalidBecause(`${at}.key`, full, qualifiedName(full));
    const length = byteLength(valueExpression.trim());
    if (length === 0) yield requiredValue(`${at}.valueExpression`, "valueExpression is not specified");
    else if (length > longestExpression)
      yield requiredValue(`${at}.valueExpression`, `must not exceed ${longestExpression} bytes in length`);
    else
      yield* compilationErrors(
        `${at}.valueExpression`,
        valueExpression.trim(),
        compile(valueExpression.trim(), ["string", "null"]).error,
      );
    if (keys.has(key)) yield duplicateValue(`${at}.key`, key);
    keys.add(key);
  }
}
