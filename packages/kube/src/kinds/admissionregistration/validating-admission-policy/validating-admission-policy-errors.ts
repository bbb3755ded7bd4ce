import type { V1AuditAnnotation, V1ValidatingAdmissionPolicy, V1Validation } from "@kubernetes/client-node";
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

/** What is wrong with a ValidatingAdmissionPolicy, new or changed. Its expressions are not compiled. */
export function* validatingAdmissionPolicyErrors(object: KubeObject, old?: KubeObject): FieldErrors {
  const spec = specOf(object);
  const { validations = [], auditAnnotations = [] } = spec;
  yield* objectMetaErrors(object);
  yield* policyErrors(spec, old === undefined ? undefined : specOf(old));
  if (validations.length + auditAnnotations.length === 0) {
    const why = "validations or auditAnnotations must contain at least one item";
    yield requiredValue("spec.validations", why);
    return yield requiredValue("spec.auditAnnotations", why);
  }
  for (const [index, validation] of validations.entries())
    yield* validationErrors(`spec.validations[${index}]`, validation);
  yield* auditErrors("spec.auditAnnotations", object.metadata.name ?? "", auditAnnotations);
}

function specOf(object: KubeObject): Spec {
  return (object as Unchecked<V1ValidatingAdmissionPolicy>).spec ?? {};
}

const reasons = ["Forbidden", "Invalid", "RequestEntityTooLarge"];

function* validationErrors(field: string, validation: Unchecked<V1Validation>): FieldErrors {
  const { expression = "", message = "", messageExpression = "", reason } = validation;
  const empty = "must be non-empty if specified";
  if (expression.trim() === "") yield requiredValue(`${field}.expression`, "expression is not specified");
  if (messageExpression !== "" && messageExpression.trim() === "")
    yield invalidValue(`${field}.messageExpression`, messageExpression, empty);
  if (message !== "" && message.trim() === "") yield invalidValue(`${field}.message`, message, empty);
  else if (/[\n\r]/.test(message.trim()))
    yield invalidValue(`${field}.message`, message, "must not contain line breaks");
  if (reason !== undefined && !reasons.includes(reason))
    yield unsupportedValue(`${field}.reason`, reason, reasons);
}

const longestExpression = 5 * 1024;

function* auditErrors(
  field: string,
  policyName: string,
  annotations: readonly Unchecked<V1AuditAnnotation>[],
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
    if (keys.has(key)) yield duplicateValue(`${at}.key`, key);
    keys.add(key);
  }
}
