import { invalidValue, type FieldErrors } from "../field-error.ts";

/** A number that may not be below zero. */
export function* nonNegativeErrors(field: string, value: number | undefined): FieldErrors {
  if (value !== undefined && value < 0)
    yield invalidValue(field, value, "must be greater than or equal to 0");
}

/** A number that must be above zero. */
export function* positiveErrors(field: string, value: number): FieldErrors {
  if (value <= 0) yield invalidValue(field, value, "must be greater than zero");
}

/** The number of a port. */
export function portErrors(field: string, port: number): FieldErrors {
  return rangeErrors(field, port, 1, 65_535);
}

/** A number between two others. */
export function* rangeErrors(
  field: string,
  value: number | undefined,
  low: number,
  high: number,
): FieldErrors {
  if (value === undefined || (value >= low && value <= high)) return;
  yield invalidValue(field, value, `must be between ${low} and ${high}, inclusive`);
}

/** The number of a user or a group. */
export function idErrors(field: string, id: number | undefined): FieldErrors {
  return rangeErrors(field, id, 0, 2_147_483_647);
}
