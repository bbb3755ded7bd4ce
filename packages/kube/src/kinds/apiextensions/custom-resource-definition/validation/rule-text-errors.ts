import type { JSONSchemaProps, ValidationRule } from "../../../../custom-kinds/json-schema-props.ts";
import { invalidValue, requiredValue, unsupportedText, type FieldErrors } from "../../../field-error.ts";
import { schemaAt } from "./version-errors.ts";

const reasons = ["FieldValueDuplicate", "FieldValueForbidden", "FieldValueInvalid", "FieldValueRequired"];

/** What is wrong with rules before their expressions are read. */
export function* ruleTextErrors(schema: JSONSchemaProps, field: string): FieldErrors {
  for (const [index, rule] of (schema["x-kubernetes-validations"] ?? []).entries())
    yield* oneRuleErrors(schema, rule, `${field}.x-kubernetes-validations[${index}]`);
}

function* oneRuleErrors(schema: JSONSchemaProps, rule: ValidationRule, field: string): FieldErrors {
  const { rule: text = "", message = "", messageExpression = "", reason, fieldPath = "" } = rule;
  const hasBreaks = (value: string) => /[\n\r]/.test(value);
  if (text.trim() === "") yield requiredValue(`${field}.rule`, "rule is not specified");
  else if (message !== "" && message.trim() === "")
    yield invalidValue(`${field}.message`, message, "must be non-empty if specified");
  else if (hasBreaks(message.trim()))
    yield invalidValue(`${field}.message`, message, "must not contain line breaks");
  else if (hasBreaks(text.trim()) && message.trim() === "")
    yield requiredValue(`${field}.message`, "message must be specified if rule contains line breaks");
  if (messageExpression !== "" && messageExpression.trim() === "")
    yield requiredValue(`${field}.messageExpression`, "messageExpression must be non-empty if specified");
  if (reason !== undefined && !reasons.includes(reason))
    yield unsupportedText(`${field}.reason`, reason, reasons);
  if (fieldPath === "") return;
  if (fieldPath.trim() === "")
    yield invalidValue(`${field}.fieldPath`, fieldPath, "must be non-empty if specified");
  if (hasBreaks(fieldPath))
    yield invalidValue(`${field}.fieldPath`, fieldPath, "must not contain line breaks");
  if (typeof schemaAt(fieldPath, schema) === "string")
    yield invalidValue(`${field}.fieldPath`, fieldPath, "must be a valid path");
}
