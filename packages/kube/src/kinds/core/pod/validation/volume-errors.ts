import type { PodSpec, Volume } from "../../../../object.ts";
import { compareQuantity } from "../../../../quantity/quantity.ts";
import {
  duplicateValue,
  forbiddenValue,
  invalidBecause,
  invalidValue,
  requiredValue,
  type FieldError,
  type FieldErrors,
} from "../../../field-error.ts";
import { dns1123Label, dns1123Subdomain } from "../../../meta/names.ts";
import { driverNameErrors, storageSourceErrors } from "../../persistent-volume/volume-source-errors.ts";
import { claimTemplateErrors } from "./claim-template-errors.ts";
import { pullPolicyErrors } from "./pull-policy-errors.ts";
import { descendingPathErrors } from "./path-errors.ts";
import { downwardErrors, keyToPathErrors, modeErrors, projectedErrors } from "./projected-volume-errors.ts";

/** The volumes of a pod: their faults, and by name those that have none. */
export interface CheckedVolumes {
  readonly errors: readonly FieldError[];
  readonly sound: ReadonlyMap<string, Volume>;
}

/** Checks the volumes of a pod; `podName` is that of the pod, and absent for a template. */
export function checkVolumes(
  field: string,
  volumes: PodSpec["volumes"],
  podName: string | undefined,
  isPod: boolean,
): CheckedVolumes {
  const errors: FieldError[] = [];
  const sound = new Map<string, Volume>();
  for (const [index, volume] of (volumes ?? []).entries()) {
    const at = `${field}[${index}]`;
    const { name = "" } = volume as Partial<Volume>;
    const found = [...sourceErrors(at, volume, podName, isPod)];
    if (name === "") found.push(requiredValue(`${at}.name`));
    else found.push(...invalidBecause(`${at}.name`, name, dns1123Label(name)));
    if (sound.has(name)) found.push(duplicateValue(`${at}.name`, name));
    if (found.length === 0) sound.set(name, volume);
    errors.push(...found);
    errors.push(...claimErrors(at, volume, volumes ?? [], podName));
  }
  return { errors, sound };
}

/** A claim that is made for an ephemeral volume belongs to that one alone. */
function* claimErrors(
  field: string,
  { persistentVolumeClaim }: Volume,
  volumes: readonly Volume[],
  podName: string | undefined,
): FieldErrors {
  const claim = persistentVolumeClaim?.claimName;
  if (podName === undefined || claim === undefined) return;
  if (!volumes.some(({ name, ephemeral }) => ephemeral !== undefined && `${podName}-${name}` === claim))
    return;
  const why = "must not reference a PVC that gets created for an ephemeral volume";
  yield invalidValue(`${field}.persistentVolumeClaim.claimName`, claim, why);
}

function* sourceErrors(
  field: string,
  volume: Volume,
  podName: string | undefined,
  isPod: boolean,
): FieldErrors {
  let isSet = false;
  for (const type of volumeTypes) {
    if (volume[type] === undefined) continue;
    const shown = misspelled[type] ?? type;
    if (isSet && type !== "emptyDir")
      yield forbiddenValue(`${field}.${shown}`, "may not specify more than 1 volume type");
    else if (isStorage(type)) yield* storageSourceErrors[type](field, volume, false);
    else yield* checks[type](`${field}.${type}`, volume, isPod);
    if (!isSet && type === "ephemeral" && podName !== undefined) {
      const { name = "" } = volume as Partial<Volume>;
      const claim = `${podName}-${name}`;
      for (const reason of name === "" ? [] : dns1123Subdomain(claim))
        yield invalidValue(`${field}.name`, name, `PVC name ${JSON.stringify(claim)}: ${reason}`);
    }
    isSet = true;
  }
  if (!isSet) yield requiredValue(field, "must specify a volume type");
}

/** Every type of volume, in the order in which Kubernetes looks for them. */
const volumeTypes = [
  "emptyDir",
  "hostPath",
  "gitRepo",
  "gcePersistentDisk",
  "awsElasticBlockStore",
  "secret",
  "nfs",
  "iscsi",
  "glusterfs",
  "flocker",
  "persistentVolumeClaim",
  "rbd",
  "cinder",
  "cephfs",
  "quobyte",
  "downwardAPI",
  "fc",
  "flexVolume",
  "configMap",
  "azureFile",
  "vsphereVolume",
  "photonPersistentDisk",
  "portworxVolume",
  "azureDisk",
  "storageos",
  "projected",
  "scaleIO",
  "csi",
  "ephemeral",
  "image",
] as const;

/** Kubernetes' own spelling of two fields in one of its messages. */
const misspelled: Readonly<Record<string, string>> = { downwardAPI: "downwarAPI", cephfs: "cephFS" };

type Check = (field: string, volume: Volume, isPod: boolean) => FieldErrors;

type VolumeType = (typeof volumeTypes)[number];
type StorageType = Extract<VolumeType, keyof typeof storageSourceErrors>;

function isStorage(type: VolumeType): type is StorageType {
  return Object.hasOwn(storageSourceErrors, type);
}

/** The rules of the types that only pods have. */
const checks: Readonly<Record<Exclude<VolumeType, StorageType>, Check>> = {
  *emptyDir(field, { emptyDir }) {
    if (emptyDir?.sizeLimit !== undefined && compareQuantity(emptyDir.sizeLimit, 0) < 0)
      yield forbiddenValue(`${field}.sizeLimit`, "SizeLimit field must be a valid resource quantity");
  },
  *gitRepo(field, { gitRepo }) {
    const { repository = "", directory = "" } = (gitRepo ?? {}) as Record<string, string>;
    if (repository === "") yield requiredValue(`${field}.repository`);
    yield* descendingPathErrors(`${field}.directory`, directory);
  },
  *secret(field, { secret }) {
    if ((secret?.secretName ?? "") === "") yield requiredValue(`${field}.secretName`);
    yield* modeErrors(`${field}.defaultMode`, secret?.defaultMode);
    yield* keyToPathErrors(`${field}.items`, secret?.items);
  },
  *persistentVolumeClaim(field, { persistentVolumeClaim }) {
    const { claimName = "" } = (persistentVolumeClaim ?? {}) as { claimName?: string };
    if (claimName === "") yield requiredValue(`${field}.claimName`);
  },
  *downwardAPI(field, { downwardAPI }) {
    yield* modeErrors(`${field}.defaultMode`, downwardAPI?.defaultMode);
    for (const file of downwardAPI?.items ?? []) yield* downwardErrors(field, file);
  },
  *configMap(field, { configMap }) {
    if ((configMap?.name ?? "") === "") yield requiredValue(`${field}.name`);
    yield* modeErrors(`${field}.defaultMode`, configMap?.defaultMode);
    yield* keyToPathErrors(`${field}.items`, configMap?.items);
  },
  *projected(field, { projected }) {
    if (projected !== undefined) yield* projectedErrors(field, projected);
  },
  *csi(field, { csi }) {
    const { driver = "", nodePublishSecretRef } = (csi ?? {}) as Partial<NonNullable<Volume["csi"]>>;
    yield* driverNameErrors(`${field}.driver`, driver);
    if (nodePublishSecretRef === undefined) return;
    const { name = "" } = nodePublishSecretRef;
    if (name === "") yield requiredValue(`${field}.nodePublishSecretRef.name`);
    else yield* invalidBecause(`${field}.name`, name, dns1123Subdomain(name));
  },
  *ephemeral(field, { ephemeral }) {
    const template = ephemeral?.volumeClaimTemplate;
    if (template === undefined) return yield requiredValue(`${field}.volumeClaimTemplate`);
    yield* claimTemplateErrors(`${field}.volumeClaimTemplate`, template);
  },
  *image(field, { image }, isPod) {
    if (isPod && (image?.reference ?? "") === "") yield requiredValue(`${field}.reference`);
    yield* pullPolicyErrors(`${field}.pullPolicy`, image?.pullPolicy);
  },
};
