import { forbiddenValue, unsupportedValue, type FieldErrors } from "../../field-error.ts";

const known = ["ReadOnlyMany", "ReadWriteMany", "ReadWriteOnce", "ReadWriteOncePod"];

/** What is wrong with the ways in which a volume or a claim may be used. */
export function* accessModeErrors(field: string, modes: readonly string[]): FieldErrors {
  for (const mode of modes) if (!known.includes(mode)) yield unsupportedValue(field, mode, known);
  const others = modes.filter((mode) => mode !== "ReadWriteOncePod" && known.includes(mode));
  if (modes.includes("ReadWriteOncePod") && others.length > 0)
    yield forbiddenValue(field, "may not use ReadWriteOncePod with other access modes");
}
