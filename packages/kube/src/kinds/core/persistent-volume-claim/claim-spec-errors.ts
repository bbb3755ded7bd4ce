import type { V1PersistentVolumeClaimSpec, V1TypedObjectReference } from "@kubernetes/client-node";
import type { LabelSelector, Unchecked } from "../../../object.ts";
import { canonicalQuantity, compareQuantity } from "../../../quantity/quantity.ts";
import {
  invalidBecause,
  invalidValue,
  requiredValue,
  unsupportedValue,
  type FieldErrors,
} from "../../field-error.ts";
import { labelSelectorErrors } from "../../meta/label-errors.ts";
import { dns1123Label, dns1123Subdomain } from "../../meta/names.ts";
import { accessModeErrors } from "./access-mode-errors.ts";

/** The spec of a claim of which nothing has been checked. */
export type UncheckedClaimSpec = Unchecked<V1PersistentVolumeClaimSpec>;

/** What is wrong with the spec of a claim, be it one of its own or of a template (ValidatePersistentVolumeClaimSpec). */
export function* claimSpecErrors(field: string, spec: UncheckedClaimSpec): FieldErrors {
  const { accessModes = [], resources, storageClassName = "", volumeMode, dataSource, dataSourceRef } = spec;
  if (accessModes.length === 0)
    yield requiredValue(`${field}.accessModes`, "at least 1 access mode is required");
  yield* labelSelectorErrors(`${field}.selector`, spec.selector as LabelSelector | undefined);
  yield* accessModeErrors(`${field}.accessModes`, accessModes);
  const storage = resources?.requests?.["storage"];
  const at = `${field}.resources[storage]`;
  if (storage === undefined) yield requiredValue(at);
  else if (compareQuantity(storage, 0) <= 0)
    yield invalidValue(at, canonicalQuantity(storage), "must be greater than zero");
  if (storageClassName !== "")
    yield* invalidBecause(`${field}.storageClassName`, storageClassName, dns1123Subdomain(storageClassName));
  if (volumeMode !== undefined && volumeMode !== "Block" && volumeMode !== "Filesystem")
    yield unsupportedValue(`${field}.volumeMode`, volumeMode, ["Block", "Filesystem"]);
  if (dataSource !== undefined) yield* sourceErrors(`${field}.dataSource`, dataSource);
  if (dataSourceRef !== undefined) yield* sourceErrors(`${field}.dataSourceRef`, dataSourceRef);
  yield* twoSourceErrors(field, spec);
  const { volumeAttributesClassName: attributes = "" } = spec;
  if (attributes !== "")
    yield* invalidBecause(`${field}.volumeAttributesClassName`, attributes, dns1123Subdomain(attributes));
}

function* sourceErrors(field: string, source: Unchecked<V1TypedObjectReference>): FieldErrors {
  const { apiGroup = "", kind = "", name = "", namespace = "" } = source;
  if (name === "") yield requiredValue(`${field}.name`);
  if (kind === "") yield requiredValue(`${field}.kind`);
  if (apiGroup !== "") yield* invalidBecause(`${field}.apiGroup`, apiGroup, dns1123Subdomain(apiGroup));
  else if (kind !== "PersistentVolumeClaim")
    yield invalidValue(field, kind, "must be 'PersistentVolumeClaim' when referencing the default apiGroup");
  if (namespace !== "") yield* invalidBecause(`${field}.namespace`, namespace, dns1123Label(namespace));
}

/** The value that Kubernetes shows here is that of a path, of which nothing is to be seen. */
function* twoSourceErrors(field: string, { dataSource, dataSourceRef }: UncheckedClaimSpec): FieldErrors {
  if (dataSource === undefined || dataSourceRef === undefined) return;
  const isSame =
    dataSource.apiGroup === dataSourceRef.apiGroup &&
    dataSource.kind === dataSourceRef.kind &&
    dataSource.name === dataSourceRef.name;
  if ((dataSourceRef.namespace ?? "") !== "")
    yield invalidValue(field, {}, "may not be specified when dataSourceRef.namespace is specified");
  else if (!isSame) yield invalidValue(field, {}, "must match dataSourceRef");
}
