import type { V1PersistentVolumeClaim } from "@kubernetes/client-node";
import { diffInGo, equalInGo } from "../../../go/in-go.ts";
import type { KubeObject, Unchecked } from "../../../object.ts";
import { compareQuantity } from "../../../quantity/quantity.ts";
import { forbiddenValue, invalidValue, type FieldErrors } from "../../field-error.ts";
import { immutableFieldErrors } from "../../meta/immutable-field-errors.ts";
import { coreObjectMetaErrors, coreObjectMetaUpdateErrors } from "../../meta/object-meta-errors.ts";
import { claimSpecErrors, type UncheckedClaimSpec } from "./claim-spec-errors.ts";

type Claim = Unchecked<V1PersistentVolumeClaim>;

/** The older way to name a storage class. */
export const classAnnotation = "volume.beta.kubernetes.io/storage-class";

/** What is wrong with a new PersistentVolumeClaim. */
export function* persistentVolumeClaimErrors(object: KubeObject): FieldErrors {
  yield* coreObjectMetaErrors(object);
  yield* claimSpecErrors("spec", (object as Claim).spec ?? {});
}

/** What is wrong with a change of a claim: once it is bound it may grow and get another attributes class, and that is all. */
export function* persistentVolumeClaimUpdateErrors(object: KubeObject, old: KubeObject): FieldErrors {
  const { spec = {} } = object as Claim;
  const { spec: before = {}, status = {} } = old as Claim;
  yield* coreObjectMetaUpdateErrors(object, old);
  yield* persistentVolumeClaimErrors(object);
  const isUpgraded = isClassOfAnnotation(object, old);
  const [now, was] = [object, old].map(({ metadata }) => metadata.annotations?.[classAnnotation] ?? "");
  if (!isUpgraded && now !== was)
    yield invalidValue(`metadata.annotations.${classAnnotation}`, now, "field is immutable");
  const isBound = status.phase === "Bound";
  const [fixed, fixedBefore] = fixedParts(spec, before, { isBound, isUpgraded });
  if (!equalInGo("core.PersistentVolumeClaimSpec", fixed, fixedBefore))
    yield forbiddenValue(
      "spec",
      `spec is immutable after creation except resources.requests and volumeAttributesClassName for bound claims\n${diffInGo("core.PersistentVolumeClaimSpec", fixedBefore, fixed)}`,
    );
  const [size = "0", sizeBefore = "0"] = [spec, before].map(
    ({ resources }) => resources?.requests?.["storage"],
  );
  const inUse = status.capacity?.["storage"] ?? "0";
  if (compareQuantity(size, sizeBefore) < 0 && compareQuantity(size, inUse) <= 0)
    yield forbiddenValue("spec.resources.requests.storage", "field can not be less than status.capacity");
  yield* immutableFieldErrors("volumeMode", spec.volumeMode, before.volumeMode);
  yield* attributesClassErrors(spec.volumeAttributesClassName, before, status);
}

/** Both specs without what may change. */
function fixedParts(
  spec: UncheckedClaimSpec,
  before: UncheckedClaimSpec,
  { isBound, isUpgraded }: { readonly isBound: boolean; readonly isUpgraded: boolean },
): [UncheckedClaimSpec, UncheckedClaimSpec] {
  const fixed = { ...spec };
  const fixedBefore = { ...before };
  if ((before.volumeName ?? "") === "") setOrDelete(fixedBefore, "volumeName", spec.volumeName);
  // A class may be named where none was.
  if (isUpgraded || (spec.storageClassName !== undefined && before.storageClassName === undefined))
    setOrDelete(fixed, "storageClassName", before.storageClassName);
  if (isBound && spec.resources?.requests !== undefined)
    fixed.resources = { ...spec.resources, ...requestsOf(spec, before) };
  if (isBound) setOrDelete(fixed, "volumeAttributesClassName", before.volumeAttributesClassName);
  return [fixed, fixedBefore];
}

function requestsOf(
  spec: UncheckedClaimSpec,
  before: UncheckedClaimSpec,
): Pick<NonNullable<UncheckedClaimSpec["resources"]>, "requests"> {
  const storage = before.resources?.requests?.["storage"];
  return { requests: { ...spec.resources?.requests, ...(storage === undefined ? {} : { storage }) } };
}

function setOrDelete<Key extends keyof UncheckedClaimSpec>(
  spec: UncheckedClaimSpec,
  key: Key,
  value: UncheckedClaimSpec[Key],
): void {
  if (value === undefined) delete spec[key];
  else spec[key] = value;
}

/** The class moves from the annotation into the spec, where it is the same. */
function isClassOfAnnotation(object: KubeObject, old: KubeObject): boolean {
  const before = old.metadata.annotations?.[classAnnotation];
  const now = object.metadata.annotations?.[classAnnotation];
  const { storageClassName } = (object as Claim).spec ?? {};
  const hadNone = (old as Claim).spec?.storageClassName === undefined;
  return before !== undefined && hadNone && storageClassName === before && (now ?? before) === before;
}

function* attributesClassErrors(
  name: string | undefined,
  before: UncheckedClaimSpec,
  status: NonNullable<Claim["status"]>,
): FieldErrors {
  if (name === before.volumeAttributesClassName || status.currentVolumeAttributesClassName === undefined)
    return;
  const field = "spec.volumeAttributesClassName";
  const when = "is forbidden when status.currentVolumeAttributesClassName is not nil";
  if (name === undefined) yield forbiddenValue(field, `update to nil ${when}`);
  else if (name === "") yield forbiddenValue(field, `update to empty string ${when}`);
}
