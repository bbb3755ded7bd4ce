import {
  duplicateOmitted,
  forbiddenValue,
  invalidOmitted,
  invalidValue,
  requiredValue,
  type FieldError,
  type FieldErrors,
} from "../../kinds/field-error.ts";
import type { KubeObject } from "../../object.ts";
import { isJsonObject } from "../../patch/json-value.ts";
import { correlate, oldItem, type Correlation } from "../correlation.ts";
import {
  itemsOf,
  propertyOf,
  someSchema,
  valuesOf,
  type JSONSchemaProps,
  type ValidationRule,
} from "../json-schema-props.ts";
import { cel } from "../../cel/cel.ts";
import { outOfBudget, withinBudget } from "../../cel/within-budget.ts";
import { toCel } from "./cel-values.ts";
import { compileRule, type CompiledRule } from "./compile-rule.ts";

/**
 * What the rules of a schema refuse in an object; undefined where the schema has no rules
 * (https://github.com/kubernetes/apiextensions-apiserver/blob/v0.36.3/pkg/apiserver/schema/cel/validation.go).
 * `old` is the object that it takes the place of.
 */
export function ruleErrors(
  object: KubeObject,
  old: KubeObject | undefined,
  schema: JSONSchemaProps,
): (() => FieldErrors) | undefined {
  if (!hasRules(schema)) return undefined;
  const correlation = old === undefined ? undefined : correlate(object, old, schema);
  return () => budgetedErrors((asked) => nodeErrors(object, old, schema, "", correlation, true, asked));
}

/** Where rules are being asked, and of a value of which type. */
interface Asked {
  field: string;
  type: string;
}

/** Ends rules that take too long, and says so where they stand. */
function* budgetedErrors(ask: (asked: Asked) => FieldErrors): FieldErrors {
  const errors: FieldError[] = [];
  const asked: Asked = { field: "", type: "" };
  const done = withinBudget(() => {
    for (const error of ask(asked)) errors.push(error);
  });
  yield* errors;
  if (done === undefined) yield invalidValue(placeOf(asked.field), asked.type, outOfBudget);
}

const known = new WeakMap<JSONSchemaProps, boolean>();

function hasRules(schema: JSONSchemaProps): boolean {
  const has =
    known.get(schema) ?? someSchema(schema, (each) => (each["x-kubernetes-validations"] ?? []).length > 0);
  known.set(schema, has);
  return has;
}

const compiled = new WeakMap<JSONSchemaProps, readonly CompiledRule[]>();

/** The rules of one node of a schema, read once. */
export function rulesOf(schema: JSONSchemaProps, isRoot: boolean): readonly CompiledRule[] {
  const rules =
    compiled.get(schema) ??
    (schema["x-kubernetes-validations"] ?? [])
      .filter(({ rule }) => rule.trim() !== "")
      .map((rule) => compileRule(rule, schema, isRoot || schema["x-kubernetes-embedded-resource"] === true));
  compiled.set(schema, rules);
  return rules;
}

function* nodeErrors(
  value: unknown,
  old: unknown,
  schema: JSONSchemaProps,
  field: string,
  correlation: Correlation | undefined,
  isRoot: boolean,
  asked: Asked,
): FieldErrors {
  if (value === null || value === undefined || !hasRules(schema)) return;
  yield* ownErrors(value, old, schema, field, correlation, isRoot, asked);
  if (Array.isArray(value)) {
    const items = itemsOf(schema);
    if (items === undefined) return;
    for (const [index, item] of value.entries())
      yield* nodeErrors(
        item,
        oldItem(schema, old, item),
        items,
        `${field}[${index}]`,
        correlation?.index(index),
        false,
        asked,
      );
  } else if (isJsonObject(value)) {
    const before = isJsonObject(old) ? old : {};
    const values = valuesOf(schema);
    for (const [key, inner] of Object.entries(value)) {
      const property = propertyOf(schema, key);
      if (property !== undefined)
        yield* nodeErrors(
          inner,
          before[key],
          property,
          field === "" ? key : `${field}.${key}`,
          correlation?.key(key),
          false,
          asked,
        );
      else if (values !== undefined)
        yield* nodeErrors(
          inner,
          before[key],
          values,
          `${field}[${key}]`,
          correlation?.key(key),
          false,
          asked,
        );
    }
  }
}

function* ownErrors(
  value: unknown,
  old: unknown,
  schema: JSONSchemaProps,
  field: string,
  correlation: Correlation | undefined,
  isRoot: boolean,
  asked: Asked,
): FieldErrors {
  const rules = rulesOf(schema, isRoot);
  if (rules.length === 0) return;
  Object.assign(asked, { field, type: schema.type ?? "" });
  const { Optional } = cel();
  const hasOld = old !== undefined && old !== null;
  const self = toCel(value, schema, isRoot);
  const before = hasOld ? toCel(old, schema, isRoot) : undefined;
  for (const each of rules) {
    const { rule, program, usesOldSelf } = each;
    const isOptional = rule.optionalOldSelf === true;
    // A rule about a change has nothing to say of what is new.
    if (program === undefined || (usesOldSelf && !hasOld && !isOptional)) continue;
    const oldSelf = isOptional ? (hasOld ? Optional.of(before) : Optional.none()) : before;
    const error = askRule(each, { self, oldSelf }, value, schema, field);
    // What the change left as it was is not refused, unless the rule is about the change.
    if (error !== undefined && (usesOldSelf || correlation?.isUnchanged() !== true)) yield error;
  }
}

function askRule(
  { rule, program, messageProgram }: CompiledRule,
  variables: { readonly self: unknown; readonly oldSelf?: unknown },
  value: unknown,
  schema: JSONSchemaProps,
  field: string,
): FieldError | undefined {
  const at = placeOf(field);
  try {
    if (program?.(variables) === true) return undefined;
  } catch (error) {
    return invalidValue(at, schema.type ?? "", evaluationProblem(error, rule));
  }
  const [, name = ""] = /^\.?(.*)$/s.exec(rule.fieldPath ?? "") ?? [];
  const target =
    name === "" ? at : field === "" ? name : name.startsWith("[") ? `${field}${name}` : `${field}.${name}`;
  return refusal(
    target,
    value,
    schema,
    askMessage(messageProgram, variables) ?? messageOf(rule),
    rule.reason,
  );
}

function placeOf(field: string): string {
  return field === "" ? "<nil>" : field;
}

function evaluationProblem(error: unknown, rule: ValidationRule): string {
  const { summary, message } = error as { summary?: string; message: string };
  const said = summary ?? message;
  const text = said.charAt(0).toLowerCase() + said.slice(1);
  if (text.includes("no matching overload"))
    return `'no such overload': call arguments did not match a supported operator, function or macro signature for rule: ${ruleText(rule)}`;
  return `${text} evaluating rule: ${ruleText(rule)}`;
}

function refusal(
  field: string,
  value: unknown,
  { type }: JSONSchemaProps,
  detail: string,
  reason: string | undefined,
): FieldError {
  const isOmitted = type === "object" || type === "array";
  if (reason === "FieldValueForbidden") return forbiddenValue(field, detail);
  if (reason === "FieldValueRequired") return requiredValue(field, detail);
  if (reason === "FieldValueDuplicate") return duplicateOmitted(field, isOmitted ? undefined : value);
  return isOmitted ? invalidOmitted(field, detail) : invalidValue(field, value, detail);
}

const longestMessage = 5 * 1024;

/** What a message expression says; undefined where it fails, or says nothing that can be shown. */
function askMessage(
  program: CompiledRule["messageProgram"],
  variables: { readonly self: unknown; readonly oldSelf?: unknown },
): string | undefined {
  if (program === undefined) return undefined;
  try {
    const said = program(variables);
    const text = typeof said === "string" ? said.trim() : "";
    return text === "" || text.includes("\n") || text.length > longestMessage ? undefined : text;
  } catch {
    return undefined;
  }
}

function messageOf(rule: ValidationRule): string {
  return (rule.message ?? "") === "" ? `failed rule: ${ruleText(rule)}` : (rule.message ?? "").trim();
}

function ruleText({ rule, message = "" }: ValidationRule): string {
  return (message === "" ? rule : message).trim();
}
