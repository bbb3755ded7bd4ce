import { semanticEqual } from "../../deep-equal.ts";
import { invalidValue, type FieldErrors } from "../field-error.ts";

/** A field that never changes; `shown` is the new value as the API server shows it. */
export function* immutableFieldErrors(
  field: string,
  value: unknown,
  before: unknown,
  shown: unknown = value,
): FieldErrors {
  if (!semanticEqual(value, before)) yield invalidValue(field, shown ?? null, "field is immutable");
}
