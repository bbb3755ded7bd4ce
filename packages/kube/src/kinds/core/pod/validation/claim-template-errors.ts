import type { V1PersistentVolumeClaimTemplate } from "@kubernetes/client-node";
import type { Wire } from "../../../../object.ts";
import { compareQuantity, canonicalQuantity } from "../../../../quantity/quantity.ts";
import {
  forbiddenValue,
  invalidBecause,
  invalidValue,
  requiredValue,
  unsupportedValue,
  type FieldErrors,
} from "../../../field-error.ts";
import { labelErrors, labelSelectorErrors } from "../../../meta/label-errors.ts";
import { dns1123Subdomain } from "../../../meta/names.ts";
import { annotationErrors } from "../../../meta/object-meta-errors.ts";

const accessModesKnown = ["ReadOnlyMany", "ReadWriteMany", "ReadWriteOnce", "ReadWriteOncePod"];

/** What is wrong with the claim that is made for an ephemeral volume. What it is filled from is not looked at. */
export function* claimTemplateErrors(
  field: string,
  template: Wire<V1PersistentVolumeClaimTemplate>,
): FieldErrors {
  yield* annotationErrors(`${field}.metadata.annotations`, template.metadata?.annotations);
  yield* labelErrors(`${field}.metadata.labels`, template.metadata?.labels);
  const { accessModes = [], resources, selector, storageClassName = "", volumeMode } = template.spec ?? {};
  const at = `${field}.spec`;
  if (accessModes.length === 0)
    yield requiredValue(`${at}.accessModes`, "at least 1 access mode is required");
  yield* labelSelectorErrors(`${at}.selector`, selector);
  for (const mode of accessModes)
    if (!accessModesKnown.includes(mode)) yield unsupportedValue(`${at}.accessModes`, mode, accessModesKnown);
  const others = accessModes.filter((mode) => mode !== "ReadWriteOncePod" && accessModesKnown.includes(mode));
  if (accessModes.includes("ReadWriteOncePod") && others.length > 0)
    yield forbiddenValue(`${at}.accessModes`, "may not use ReadWriteOncePod with other access modes");
  const storage = resources?.requests?.["storage"];
  if (storage === undefined) yield requiredValue(`${at}.resources[storage]`);
  else if (compareQuantity(storage, 0) <= 0)
    yield invalidValue(`${at}.resources[storage]`, canonicalQuantity(storage), "must be greater than zero");
  if (storageClassName !== "")
    yield* invalidBecause(`${at}.storageClassName`, storageClassName, dns1123Subdomain(storageClassName));
  if (volumeMode !== undefined && volumeMode !== "Block" && volumeMode !== "Filesystem")
    yield unsupportedValue(`${at}.volumeMode`, volumeMode, ["Block", "Filesystem"]);
}
