import { diffInGo, equalInGo } from "../../../go/in-go.ts";
import type { KubeObject } from "../../../object.ts";
import { forbiddenValue, invalidValue, type FieldErrors } from "../../field-error.ts";
import { immutableFieldErrors } from "../../meta/immutable-field-errors.ts";
import { byteLength } from "../../meta/names.ts";
import { coreObjectMetaErrors } from "../../meta/object-meta-errors.ts";
import { nodeAffinityChangeErrors } from "./node-affinity-change-errors.ts";
import { volumeSpecErrors, type UncheckedVolumeSpec } from "./volume-spec-errors.ts";

/** The older way to say how a volume is mounted. */
export const mountOptionsAnnotation = "volume.beta.kubernetes.io/mount-options";

/** What is wrong with a new PersistentVolume. */
export function* persistentVolumeErrors(object: KubeObject): FieldErrors {
  yield* volumeErrors(object);
  yield* mountOptionErrors(object);
}

/** What is wrong with a change of a volume: where it is stays. Kubernetes asks the rules for a new one twice. */
export function* persistentVolumeUpdateErrors(object: KubeObject, old: KubeObject): FieldErrors {
  const [spec, before] = [specOf(object), specOf(old)];
  yield* persistentVolumeErrors(object);
  yield* volumeErrors(object);
  const [source, sourceBefore] = [sourceOf(spec, before), sourceOf(before, before)];
  if (!equalInGo("core.PersistentVolumeSource", source, sourceBefore))
    yield forbiddenValue(
      "spec.persistentvolumesource",
      `spec.persistentvolumesource is immutable after creation\n${diffInGo("core.PersistentVolumeSource", sourceBefore, source)}`,
    );
  yield* immutableFieldErrors("volumeMode", spec.volumeMode, before.volumeMode);
  yield* nodeAffinityChangeErrors(spec.nodeAffinity, before.nodeAffinity);
  if (before.volumeAttributesClassName !== undefined && spec.volumeAttributesClassName === undefined)
    yield forbiddenValue("spec.volumeAttributesClassName", "update from non-nil value to nil is forbidden");
}

function specOf(object: KubeObject): UncheckedVolumeSpec {
  return (object as { readonly spec?: UncheckedVolumeSpec }).spec ?? {};
}

function* volumeErrors(object: KubeObject): FieldErrors {
  const spec = specOf(object);
  const { name = "" } = object.metadata;
  yield* coreObjectMetaErrors(object);
  yield* volumeSpecErrors("spec", spec);
  const { initiatorName, targetPortal = "" } = spec.iscsi ?? {};
  if (initiatorName !== undefined && byteLength(`${name}:${targetPortal}`) > 64)
    yield invalidValue(
      "spec.iscsi.targetportal",
      targetPortal,
      "Total length of <volume name>:<iscsi.targetPortal> must be under 64 characters if iscsi.initiatorName is specified.",
    );
}

const mountable = [
  "gcePersistentDisk",
  "awsElasticBlockStore",
  "glusterfs",
  "nfs",
  "rbd",
  "quobyte",
  "iscsi",
  "cinder",
  "cephfs",
  "azureFile",
  "vsphereVolume",
  "azureDisk",
  "photonPersistentDisk",
] as const;

function* mountOptionErrors(object: KubeObject): FieldErrors {
  if (object.metadata.annotations?.[mountOptionsAnnotation] === undefined) return;
  const spec = specOf(object);
  if (mountable.some((type) => spec[type] !== undefined)) return;
  yield forbiddenValue(
    `metadata.annotations.${mountOptionsAnnotation}`,
    "may not specify mount options for this volume type",
  );
}

/** What says where a volume is. A Secret for expansion may be added. */
function sourceOf(spec: UncheckedVolumeSpec, before: UncheckedVolumeSpec): UncheckedVolumeSpec {
  const {
    capacity: _capacity,
    accessModes: _accessModes,
    claimRef: _claimRef,
    persistentVolumeReclaimPolicy: _policy,
    storageClassName: _storageClassName,
    mountOptions: _mountOptions,
    volumeMode: _volumeMode,
    nodeAffinity: _nodeAffinity,
    volumeAttributesClassName: _attributes,
    ...source
  } = spec;
  if (
    spec.csi === undefined ||
    before.csi === undefined ||
    before.csi.controllerExpandSecretRef !== undefined
  )
    return source;
  const { controllerExpandSecretRef: _secret, ...csi } = spec.csi;
  return { ...source, csi };
}
