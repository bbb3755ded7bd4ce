import { invalidWord, type FieldErrors } from "../field-error.ts";
import { percent } from "./names.ts";
import { nonNegativeErrors } from "./number-errors.ts";

/** What is wrong with a number or a percentage. */
export function* intOrPercentErrors(field: string, value: number | string): FieldErrors {
  if (typeof value === "number") return yield* nonNegativeErrors(field, value);
  for (const reason of percent(value)) yield invalidWord(field, value, reason);
}

/** A percentage of more than there is. */
export function* over100PercentErrors(field: string, value: number | string): FieldErrors {
  if (isPercent(value) && intOrPercentValue(value) > 100)
    yield invalidWord(field, value, "must not be greater than 100%");
}

/** A value that is neither a number nor a percentage counts as 0, unless its text is a number. */
export function intOrPercentValue(value: number | string): number {
  if (typeof value === "number") return value;
  if (isPercent(value)) return Number.parseInt(value, 10);
  return /^[+-]?\d+$/.test(value) ? Number(value) : 0;
}

function isPercent(value: number | string): value is string {
  return typeof value === "string" && /^\d+%$/.test(value);
}
