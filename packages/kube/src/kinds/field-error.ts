import { quoteAsGo, toGoJson } from "../go/go-text.ts";

/** One fault of a field, in the words of Kubernetes: `Invalid value: -1: must be greater than or equal to 0`. */
export interface FieldError {
  readonly reason:
    | "FieldValueInvalid"
    | "FieldValueRequired"
    | "FieldValueForbidden"
    | "FieldValueDuplicate"
    | "FieldValueNotFound"
    | "FieldValueNotSupported"
    | "FieldValueTooLong"
    | "FieldValueTooMany"
    | "FieldValueTypeInvalid"
    | "InternalError";
  /** `spec.containers[0].image`, `data[key]`. */
  readonly field: string;
  readonly message: string;
}

/** What a validator yields, in the order of Kubernetes. */
export type FieldErrors = Generator<FieldError, void, undefined>;

/** A value that breaks a rule. A string is shown as Go's `%q` shows it, everything else as JSON. */
export function invalidValue(field: string, value: unknown, detail: string): FieldError {
  return { reason: "FieldValueInvalid", field, message: withDetail(`Invalid value: ${show(value)}`, detail) };
}

/** The same for a value whose type in Go has a name of its own: that is shown as JSON, with `<` escaped. */
export function invalidWord(field: string, value: unknown, detail: string): FieldError {
  return {
    reason: "FieldValueInvalid",
    field,
    message: withDetail(`Invalid value: ${toGoJson(value)}`, detail),
  };
}

/** One error for each reason that a check of names gave. */
export function* invalidBecause(field: string, value: string, reasons: readonly string[]): FieldErrors {
  for (const reason of reasons) yield invalidValue(field, value, reason);
}

/** A value that must be there. */
export function requiredValue(field: string, detail = ""): FieldError {
  return { reason: "FieldValueRequired", field, message: withDetail("Required value", detail) };
}

/** A check that could not be made. */
export function internalError(field: string, why: string): FieldError {
  return { reason: "InternalError", field, message: `Internal error: ${why}` };
}

/** A field that may not be set here, or not be changed. */
export function forbiddenValue(field: string, detail: string): FieldError {
  return { reason: "FieldValueForbidden", field, message: withDetail("Forbidden", detail) };
}

/** A value that must be unique and is not. */
export function duplicateValue(field: string, value: unknown, detail = ""): FieldError {
  return {
    reason: "FieldValueDuplicate",
    field,
    message: withDetail(`Duplicate value: ${show(value)}`, detail),
  };
}

/** A name of something that is not there. */
export function notFoundValue(field: string, value: unknown, detail = ""): FieldError {
  return { reason: "FieldValueNotFound", field, message: withDetail(`Not found: ${show(value)}`, detail) };
}

/** A value that is none of those supported. */
export function unsupportedValue(field: string, value: unknown, supported: Iterable<string>): FieldError {
  return unsupported(field, toGoJson(value), supported);
}

/** The same for a value whose type in Go is a plain string. */
export function unsupportedText(field: string, text: string, supported: Iterable<string>): FieldError {
  return unsupported(field, quoteAsGo(text), supported);
}

/** The same for values of a custom kind, which may be any JSON. */
export function unsupportedJson(field: string, value: unknown, supported: readonly unknown[]): FieldError {
  const texts = supported.map((each) => (typeof each === "string" ? each : toGoJson(each)));
  return unsupported(field, show(value ?? null), texts);
}

/** A value that breaks a rule and that is not shown, because it is an object or a list. */
export function invalidOmitted(field: string, detail: string): FieldError {
  return { reason: "FieldValueInvalid", field, message: withDetail("Invalid value", detail) };
}

/** A value that must be unique; one that is not given is not shown. */
export function duplicateOmitted(field: string, value: unknown): FieldError {
  return value === undefined
    ? { reason: "FieldValueDuplicate", field, message: "Duplicate value" }
    : duplicateValue(field, value);
}

/** A value of another type than its schema asks for; `shown` is the value, or what type it has. */
export function wrongTypeValue(field: string, shown: unknown, detail: string): FieldError {
  return { ...invalidValue(field, shown, detail), reason: "FieldValueTypeInvalid" };
}

function unsupported(field: string, shown: string, supported: Iterable<string>): FieldError {
  const values = Array.from(supported, quoteAsGo).join(", ");
  const message = `Unsupported value: ${shown}: supported values: ${values}`;
  return { reason: "FieldValueNotSupported", field, message };
}

/** A value of more bytes than are allowed. */
export function tooLongValue(field: string, most: number): FieldError {
  return {
    reason: "FieldValueTooLong",
    field,
    message: `Too long: may not be more than ${most} ${most === 1 ? "byte" : "bytes"}`,
  };
}

/** A list of more items than are allowed. */
export function tooManyValues(field: string, count: number, most: number): FieldError {
  return {
    reason: "FieldValueTooMany",
    field,
    message: `Too many: ${count}: must have at most ${most} ${most === 1 ? "item" : "items"}`,
  };
}

function withDetail(text: string, detail: string): string {
  return detail === "" ? text : `${text}: ${detail}`;
}

function show(value: unknown): string {
  return typeof value === "string" ? quoteAsGo(value) : toGoJson(value);
}
