import type { CustomResourceDefinitionNames } from "../../../../custom-kinds/custom-resource-definition.ts";
import { invalidValue, requiredValue, type FieldErrors } from "../../../field-error.ts";
import { dns1035Label } from "../../../meta/names.ts";

/** What is wrong with the names of a custom kind that are there (ValidateCustomResourceDefinitionNames). */
export function* namesErrors(field: string, names: CustomResourceDefinitionNames): FieldErrors {
  const { plural, singular = "", kind, listKind = "", shortNames = [], categories = [] } = names;
  yield* labelErrors(`${field}.plural`, plural);
  yield* labelErrors(`${field}.singular`, singular);
  yield* kindErrors(`${field}.kind`, kind);
  yield* kindErrors(`${field}.listKind`, listKind);
  for (const [index, name] of shortNames.entries())
    yield* labelErrors(`${field}.shortNames[${index}]`, name, true);
  if (kind !== "" && kind === listKind)
    yield invalidValue(`${field}.listKind`, listKind, "kind and listKind may not be the same");
  for (const [index, name] of categories.entries())
    yield* labelErrors(`${field}.categories[${index}]`, name, true);
}

/** The names that a definition has to ask for. */
export function* requiredNamesErrors(field: string, names: CustomResourceDefinitionNames): FieldErrors {
  for (const name of ["plural", "singular", "kind", "listKind"] as const)
    if ((names[name] ?? "") === "") yield requiredValue(`${field}.${name}`);
}

function* labelErrors(field: string, name: string, isRequired = false): FieldErrors {
  if (name === "" && !isRequired) return;
  const reasons = dns1035Label(name);
  if (reasons.length > 0) yield invalidValue(field, name, reasons.join(","));
}

function* kindErrors(field: string, kind: string): FieldErrors {
  if (kind === "") return;
  const reasons = dns1035Label(kind.toLowerCase());
  if (reasons.length > 0)
    yield invalidValue(field, kind, `may have mixed case, but should otherwise match: ${reasons.join(",")}`);
}
