import type { V1CSIPersistentVolumeSource, V1SecretReference } from "@kubernetes/client-node";
import type { NodeSelector, Unchecked } from "../../../object.ts";
import { canonicalQuantity, compareQuantity, parseQuantity } from "../../../quantity/quantity.ts";
import {
  forbiddenValue,
  invalidBecause,
  invalidValue,
  requiredValue,
  unsupportedValue,
  type FieldErrors,
} from "../../field-error.ts";
import { dns1123Label, dns1123Subdomain } from "../../meta/names.ts";
import { accessModeErrors } from "../persistent-volume-claim/access-mode-errors.ts";
import { nodeSelectorErrors } from "../pod/validation/affinity-errors.ts";
import { driverNameErrors, storageSourceErrors, type UncheckedSources } from "./volume-source-errors.ts";

/** The spec of a volume of which nothing has been checked. */
export type UncheckedVolumeSpec = UncheckedSources & {
  readonly capacity?: Readonly<Record<string, string>>;
};

/**
 * What is wrong with the spec of a volume (ValidatePersistentVolumeSpec). One that stands inside a VolumeAttachment is for a
 * CSI driver, and few fields of it may be set.
 */
export function* volumeSpecErrors(
  field: string,
  spec: UncheckedVolumeSpec,
  { isInline = false }: { readonly isInline?: boolean } = {},
): FieldErrors {
  const { accessModes = [], persistentVolumeReclaimPolicy: policy = "" } = spec;
  if (isInline) yield* inlineErrors(field, spec);
  if (accessModes.length === 0) yield requiredValue(`${field}.accessModes`);
  yield* accessModeErrors(`${field}.accessModes`, accessModes);
  if (!isInline) yield* capacityErrors(`${field}.capacity`, spec.capacity);
  if (policy !== "" && isInline && policy !== "Retain")
    yield forbiddenValue(
      `${field}.persistentVolumeReclaimPolicy`,
      "may only be Retain in the context of inline volumes",
    );
  if (policy !== "" && !isInline && !policies.includes(policy))
    yield unsupportedValue(`${field}.persistentVolumeReclaimPolicy`, policy, policies);
  if (spec.nodeAffinity !== undefined) {
    const at = `${field}.nodeAffinity`;
    const { required } = spec.nodeAffinity;
    if (isInline) yield forbiddenValue(at, "may not be specified in the context of inline volumes");
    else if (required === undefined)
      yield requiredValue(`${at}.required`, "must specify required node constraints");
    else yield* nodeSelectorErrors(`${at}.required`, required as NodeSelector);
  }
  yield* anySourceErrors(field, spec, isInline);
  yield* nameErrors(field, spec, isInline);
}

const policies = ["Delete", "Recycle", "Retain"];

function* inlineErrors(field: string, spec: UncheckedVolumeSpec): FieldErrors {
  const where = "in the context of inline volumes";
  if (spec.claimRef !== undefined) yield forbiddenValue(`${field}.claimRef`, `may not be specified ${where}`);
  if (Object.keys(spec.capacity ?? {}).length > 0)
    yield forbiddenValue(`${field}.capacity`, `may not be specified ${where}`);
  if (spec.csi === undefined) yield requiredValue(`${field}.csi`, `has to be specified ${where}`);
}

function* capacityErrors(field: string, given: UncheckedVolumeSpec["capacity"]): FieldErrors {
  const capacity = given ?? {};
  const names = Object.keys(capacity);
  if (names.length === 0) yield requiredValue(field);
  if (capacity["storage"] === undefined || names.length > 1) {
    const shown = Object.entries(capacity)
      .toSorted(([left], [right]) => (left < right ? -1 : 1))
      .map(([name, value]) => [name, canonicalQuantity(value)]);
    yield unsupportedValue(field, given === undefined ? null : Object.fromEntries(shown), ["storage"]);
  }
  for (const [name, value] of Object.entries(capacity)) {
    if (compareQuantity(value, 0) < 0)
      yield invalidValue(
        `${field}[${name}]`,
        Number(parseQuantity(value) / 1_000_000_000n),
        "must be a valid resource quantity",
      );
    if (compareQuantity(value, 0) <= 0)
      yield invalidValue(`${field}[${name}]`, canonicalQuantity(value), "must be greater than zero");
  }
}

/** In the order in which Kubernetes looks for them; one that is found later is only said to be too many. */
const sourceTypes = [
  "hostPath",
  "gcePersistentDisk",
  "awsElasticBlockStore",
  "glusterfs",
  "flocker",
  "nfs",
  "rbd",
  "quobyte",
  "cephfs",
  "iscsi",
  "cinder",
  "fc",
  "flexVolume",
  "azureFile",
  "vsphereVolume",
  "photonPersistentDisk",
  "portworxVolume",
  "azureDisk",
  "scaleIO",
  "local",
  "storageos",
  "csi",
] as const;

function* anySourceErrors(field: string, spec: UncheckedVolumeSpec, isInline: boolean): FieldErrors {
  let isFound = false;
  for (const type of sourceTypes) {
    if (spec[type] === undefined) continue;
    if (isFound && type !== "flexVolume") {
      const name = type === "cephfs" ? "cephFS" : type;
      yield forbiddenValue(`${field}.${name}`, "may not specify more than 1 volume type");
      continue;
    }
    isFound = true;
    if (type === "csi") yield* csiErrors(`${field}.csi`, spec.csi ?? {});
    else yield* storageSourceErrors[type](field, spec, true);
    if (type === "local" && (spec.nodeAffinity === undefined || isInline))
      yield requiredValue(`${field}.nodeAffinity`, "Local volume requires node affinity");
  }
  if (!isFound) yield requiredValue(field, "must specify a volume type");
  const isRoot = spec.hostPath !== undefined && /^\/(\.?\/)*\.?$/.test(spec.hostPath.path ?? "");
  if (isRoot && spec.persistentVolumeReclaimPolicy === "Recycle")
    yield forbiddenValue(
      `${field}.persistentVolumeReclaimPolicy`,
      "may not be 'recycle' for a hostPath mount of '/'",
    );
}

function* csiErrors(field: string, source: Unchecked<V1CSIPersistentVolumeSource>): FieldErrors {
  yield* driverNameErrors(`${field}.driver`, source.driver ?? "");
  if ((source.volumeHandle ?? "") === "") yield requiredValue(`${field}.volumeHandle`);
  for (const name of [
    "controllerPublishSecretRef",
    "controllerExpandSecretRef",
    "nodePublishSecretRef",
    "nodeExpandSecretRef",
  ] as const) {
    const secret = source[name];
    if (secret !== undefined) yield* secretErrors(`${field}.${name}`, secret);
  }
}

function* secretErrors(
  field: string,
  { name = "", namespace = "" }: Unchecked<V1SecretReference>,
): FieldErrors {
  if (name === "") yield requiredValue(`${field}.name`);
  else yield* invalidBecause(`${field}.name`, name, dns1123Subdomain(name));
  if (namespace === "") yield requiredValue(`${field}.namespace`);
  else yield* invalidBecause(`${field}.namespace`, namespace, dns1123Label(namespace));
}

function* nameErrors(field: string, spec: UncheckedVolumeSpec, isInline: boolean): FieldErrors {
  const { storageClassName = "", volumeMode, volumeAttributesClassName: attributes } = spec;
  if (storageClassName !== "") {
    const at = `${field}.storageClassName`;
    if (isInline) yield forbiddenValue(at, "may not be specified in the context of inline volumes");
    else yield* invalidBecause(at, storageClassName, dns1123Subdomain(storageClassName));
  }
  if (volumeMode !== undefined && isInline && volumeMode !== "Filesystem")
    yield forbiddenValue(
      `${field}.volumeMode`,
      "may not specify volumeMode other than Filesystem in the context of inline volumes",
    );
  if (volumeMode !== undefined && !isInline && volumeMode !== "Block" && volumeMode !== "Filesystem")
    yield unsupportedValue(`${field}.volumeMode`, volumeMode, ["Block", "Filesystem"]);
  if (attributes === undefined) return;
  const at = `${field}.volumeAttributesClassName`;
  if (attributes === "") yield requiredValue(at, "an empty string is disallowed");
  else yield* invalidBecause(at, attributes, dns1123Subdomain(attributes));
  if (spec.csi === undefined)
    yield requiredValue(`${field}.csi`, "has to be specified when using volumeAttributesClassName");
}
