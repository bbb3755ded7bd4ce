import {
  invalidBecause,
  invalidValue,
  requiredValue,
  tooLongValue,
  type FieldErrors,
} from "../field-error.ts";
import { byteLength, qualifiedName } from "../meta/names.ts";

const mostParameters = 512;
const mostParameterBytes = 256 * 1024;

/** What is wrong with what a class tells its driver. */
export function* parameterErrors(
  field: string,
  parameters: Readonly<Record<string, string>> | undefined,
  { mayBeEmpty }: { readonly mayBeEmpty: boolean },
): FieldErrors {
  const entries = Object.entries(parameters ?? {});
  if (entries.length > mostParameters) return yield tooLongValue(field, mostParameters);
  let size = 0;
  for (const [key, value] of entries) {
    if (key === "") yield invalidValue(field, key, "field can not be empty.");
    size += byteLength(key) + byteLength(value);
  }
  if (size > mostParameterBytes) yield tooLongValue(field, mostParameterBytes);
  if (!mayBeEmpty && entries.length === 0)
    yield requiredValue(field, "must contain at least one key/value pair");
}

/** What is wrong with the name of what makes volumes. */
export function* provisionerErrors(field: string, provisioner: string): FieldErrors {
  if (provisioner === "") yield requiredValue(field);
  else yield* invalidBecause(field, provisioner.toLowerCase(), qualifiedName(provisioner.toLowerCase()));
}
