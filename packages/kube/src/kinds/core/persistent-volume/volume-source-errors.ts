import type { V1PersistentVolumeSpec } from "@kubernetes/client-node";
import type { Unchecked } from "../../../object.ts";
import {
  invalidBecause,
  invalidValue,
  requiredValue,
  tooLongValue,
  unsupportedValue,
  type FieldErrors,
} from "../../field-error.ts";
import { byteLength, dns1123Label, dns1123Subdomain } from "../../meta/names.ts";
import { backstepErrors } from "../pod/validation/path-errors.ts";

/** The sources of storage of which nothing has been checked, as a volume has them, and most of them a pod as well. */
export type UncheckedSources = Unchecked<Omit<V1PersistentVolumeSpec, "capacity">>;

type Check = (field: string, sources: UncheckedSources, isPersistent: boolean) => FieldErrors;

/**
 * The rules for sources that persistent volumes have, and most of which pods have too, where a few words are others.
 * Kubernetes names one field otherwise than its type.
 */
export const storageSourceErrors = {
  *hostPath(field, { hostPath }) {
    const { path = "", type = "" } = hostPath ?? {};
    if (path === "") return yield requiredValue(`${field}.hostPath.path`);
    yield* backstepErrors(`${field}.hostPath.path`, path);
    if (!hostPathTypes.includes(type)) yield unsupportedValue(`${field}.hostPath.type`, type, hostPathTypes);
  },
  *gcePersistentDisk(field, { gcePersistentDisk }) {
    yield* needed(`${field}.persistentDisk`, gcePersistentDisk, ["pdName"]);
    yield* partitionErrors(`${field}.persistentDisk.partition`, gcePersistentDisk?.partition);
  },
  *awsElasticBlockStore(field, { awsElasticBlockStore }) {
    yield* needed(`${field}.awsElasticBlockStore`, awsElasticBlockStore, ["volumeID"]);
    yield* partitionErrors(`${field}.awsElasticBlockStore.partition`, awsElasticBlockStore?.partition);
  },
  *glusterfs(field, { glusterfs }) {
    yield* needed(`${field}.glusterfs`, glusterfs, ["endpoints", "path"]);
    const { endpointsNamespace: namespace } = glusterfs ?? {};
    if (namespace === undefined) return;
    const at = `${field}.glusterfs.endpointsNamespace`;
    if (namespace === "")
      yield invalidValue(at, namespace, "if the endpointnamespace is set, it must be a valid namespace name");
    else yield* invalidBecause(at, namespace, dns1123Label(namespace));
  },
  *flocker(field, { flocker }) {
    const { datasetName = "", datasetUUID = "" } = flocker ?? {};
    const at = `${field}.flocker`;
    if (datasetName === "" && datasetUUID === "")
      yield requiredValue(at, "one of datasetName and datasetUUID is required");
    if (datasetName !== "" && datasetUUID !== "")
      yield invalidValue(at, "resource", "datasetName and datasetUUID can not be specified simultaneously");
    if (datasetName.includes("/"))
      yield invalidValue(`${at}.datasetName`, datasetName, "must not contain '/'");
  },
  *nfs(field, { nfs }) {
    yield* needed(`${field}.nfs`, nfs, ["server", "path"]);
    const { path = "" } = nfs ?? {};
    if (!path.startsWith("/")) yield invalidValue(`${field}.nfs.path`, path, "must be an absolute path");
  },
  *rbd(field, { rbd }) {
    yield* needed(`${field}.rbd`, rbd, ["monitors", "image"]);
  },
  *quobyte(field, { quobyte }) {
    const { registry = "", tenant = "", volume = "" } = quobyte ?? {};
    const at = `${field}.quobyte`;
    const pairs = "must be a host:port pair or multiple pairs separated by commas";
    if (registry === "") yield requiredValue(`${at}.registry`, pairs);
    else if (byteLength(tenant) >= 65)
      yield requiredValue(`${at}.tenant`, "must be a UUID and may not exceed a length of 64 characters");
    else
      for (const pair of registry.split(","))
        if (!/^([^:[\]]*|\[[^[\]]*\]):[^:[\]]*$/.test(pair))
          yield invalidValue(`${at}.registry`, registry, pairs);
    if (volume === "") yield requiredValue(`${at}.volume`);
  },
  *cephfs(field, { cephfs }) {
    yield* needed(`${field}.cephfs`, cephfs, ["monitors"]);
  },
  iscsi: iscsiErrors,
  *cinder(field, { cinder }, isPersistent) {
    yield* needed(`${field}.cinder`, cinder, ["volumeID"]);
    if (cinder?.secretRef !== undefined)
      yield* needed(`${field}.cinder.secretRef`, cinder.secretRef, secretFields(isPersistent));
  },
  *fc(field, { fc }) {
    const { targetWWNs = [], wwids = [], lun } = fc ?? {};
    const at = `${field}.fc.targetWWNs`;
    if (targetWWNs.length === 0 && wwids.length === 0)
      yield requiredValue(at, "must specify either targetWWNs or wwids, but not both");
    if (targetWWNs.length > 0 && wwids.length > 0)
      yield invalidValue(at, targetWWNs, "targetWWNs and wwids can not be specified simultaneously");
    if (targetWWNs.length === 0) return;
    if (lun === undefined)
      yield requiredValue(`${field}.fc.lun`, "lun is required if targetWWNs is specified");
    else yield* lunErrors(`${field}.fc.lun`, lun);
  },
  *flexVolume(field, { flexVolume }) {
    yield* needed(`${field}.flexVolume`, flexVolume, ["driver"]);
    for (const key of Object.keys(flexVolume?.options ?? {})) {
      const domain = `.${key.split("/")[0]?.toLowerCase() ?? ""}`;
      if (domain.endsWith(".kubernetes.io") || domain.endsWith(".k8s.io"))
        yield invalidValue(
          `${field}.flexVolume.options[${key}]`,
          key,
          "kubernetes.io and k8s.io namespaces are reserved",
        );
    }
  },
  *azureFile(field, { azureFile }) {
    yield* needed(`${field}.azureFile`, azureFile, ["secretName", "shareName"]);
    if (azureFile?.secretNamespace === "") yield requiredValue(`${field}.azureFile.secretNamespace`);
  },
  *vsphereVolume(field, { vsphereVolume }) {
    yield* needed(`${field}.vsphereVolume`, vsphereVolume, ["volumePath"]);
  },
  *photonPersistentDisk(field, { photonPersistentDisk }) {
    yield* needed(`${field}.photonPersistentDisk`, photonPersistentDisk, ["pdID"]);
  },
  *portworxVolume(field, { portworxVolume }) {
    yield* needed(`${field}.portworxVolume`, portworxVolume, ["volumeID"]);
  },
  azureDisk: azureDiskErrors,
  *scaleIO(field, { scaleIO }) {
    yield* needed(`${field}.scaleIO`, scaleIO, ["gateway", "system", "volumeName"]);
  },
  *local(field, { local }) {
    const { path = "" } = local ?? {};
    if (path === "") yield requiredValue(`${field}.local.path`);
    else yield* backstepErrors(`${field}.local.path`, path);
  },
  *storageos(field, { storageos }, isPersistent) {
    const { volumeName = "", volumeNamespace = "", secretRef } = storageos ?? {};
    const at = `${field}.storageos`;
    if (volumeName === "") yield requiredValue(`${at}.volumeName`);
    else yield* invalidBecause(`${at}.volumeName`, volumeName, dns1123Label(volumeName));
    if (volumeNamespace !== "")
      yield* invalidBecause(`${at}.volumeNamespace`, volumeNamespace, dns1123Label(volumeNamespace));
    if (secretRef !== undefined) yield* needed(`${at}.secretRef`, secretRef, secretFields(isPersistent));
  },
} as const satisfies Readonly<Record<string, Check>>;

/** What is wrong with the name of a driver of storage. */
export function* driverNameErrors(field: string, driver: string): FieldErrors {
  if (driver === "") return yield requiredValue(field);
  if (byteLength(driver) > 63) yield tooLongValue(field, 63);
  yield* invalidBecause(field, driver, dns1123Subdomain(driver.toLowerCase()));
}

const hostPathTypes = [
  "",
  "BlockDevice",
  "CharDevice",
  "Directory",
  "DirectoryOrCreate",
  "File",
  "FileOrCreate",
  "Socket",
];

/** A volume is of no namespace, and so names the one of its Secret. */
function secretFields(isPersistent: boolean): string[] {
  return isPersistent ? ["name", "namespace"] : ["name"];
}

function* needed(field: string, source: object | undefined, names: readonly string[]): FieldErrors {
  for (const name of names) {
    const value = (source as Readonly<Record<string, unknown>> | undefined)?.[name];
    if (value === undefined || value === "" || (Array.isArray(value) && value.length === 0))
      yield requiredValue(`${field}.${name}`);
  }
}

function* partitionErrors(field: string, partition = 0): FieldErrors {
  if (partition < 0 || partition > 255)
    yield invalidValue(field, partition, "must be between 1 and 255, inclusive");
}

function* lunErrors(field: string, lun: number): FieldErrors {
  if (lun < 0 || lun > 255) yield invalidValue(field, lun, "must be between 0 and 255, inclusive");
}

const initiatorForms: Readonly<Record<string, RegExp>> = {
  iqn: /iqn\.\d{4}-\d{2}\.([A-Za-z0-9\-.]+)(:[^,;*&$|\s]+)$/,
  eui: /^eui.[A-Za-z0-9]{16}$/,
  naa: /^naa.[A-Za-z0-9]{32}$/,
};

function* iscsiErrors(field: string, { iscsi }: UncheckedSources, isPersistent: boolean): FieldErrors {
  const { iqn = "", lun = 0, secretRef, initiatorName, chapAuthDiscovery, chapAuthSession } = iscsi ?? {};
  const at = `${field}.iscsi`;
  yield* needed(at, iscsi, ["targetPortal"]);
  if (iqn === "") yield requiredValue(`${at}.iqn`);
  else yield* initiatorErrors(`${at}.iqn`, iqn, isPersistent);
  yield* lunErrors(`${at}.lun`, lun);
  if ((chapAuthDiscovery === true || chapAuthSession === true) && secretRef === undefined)
    yield requiredValue(`${at}.secretRef`);
  if (isPersistent && secretRef !== undefined) yield* needed(`${at}.secretRef`, secretRef, ["name"]);
  if (initiatorName !== undefined) yield* initiatorErrors(`${at}.initiatorname`, initiatorName, isPersistent);
}

function* initiatorErrors(field: string, name: string, isPersistent: boolean): FieldErrors {
  const form = initiatorForms[name.slice(0, 3)];
  if (form === undefined)
    yield invalidValue(
      field,
      name,
      isPersistent ? "must be valid format" : "must be valid format starting with iqn, eui, or naa",
    );
  else if (!form.test(name)) yield invalidValue(field, name, "must be valid format");
}

function* azureDiskErrors(field: string, { azureDisk }: UncheckedSources): FieldErrors {
  const { diskURI = "", cachingMode, kind } = azureDisk ?? {};
  const at = `${field}.azureDisk`;
  const cachingModes = ["None", "ReadOnly", "ReadWrite"];
  const kinds = ["Dedicated", "Managed", "Shared"];
  yield* needed(at, azureDisk, ["diskName", "diskURI"]);
  if (cachingMode !== undefined && !cachingModes.includes(cachingMode))
    yield unsupportedValue(`${at}.cachingMode`, cachingMode, cachingModes);
  if (kind === undefined) return;
  if (!kinds.includes(kind)) yield unsupportedValue(`${at}.kind`, kind, kinds);
  if (kind === "Managed" && !diskURI.startsWith("/subscriptions/"))
    yield unsupportedValue(`${at}.diskURI`, diskURI, [
      "/subscriptions/{sub-id}/resourcegroups/{group-name}/providers/microsoft.compute/disks/{disk-id}",
    ]);
  if (kind !== "Managed" && !diskURI.startsWith("https://"))
    yield unsupportedValue(`${at}.diskURI`, diskURI, [
      "https://{account-name}.blob.core.windows.net/{container-name}/{disk-name}.vhd",
    ]);
}
