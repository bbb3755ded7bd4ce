import type { Change } from "@seaworthy/client";
import {
  compareQuantity,
  resourceTypes,
  storageClassOf,
  type Node,
  type PersistentVolume,
  type PersistentVolumeClaim,
  type StorageClass,
} from "@seaworthy/kube";
import type { EventRecorder } from "../../event-recorder.ts";
import type { VolumeFolders } from "../../volume-folders.ts";
import { keyOf, splitKey, type ControllerContext } from "../reconciler/controller-context.ts";
import { startReconciler, watch } from "../reconciler/start-reconciler.ts";
import { unlessNotFound } from "../reconciler/unless-not-found.ts";
import { hasAnnotation, isFullyBound, volumeAnnotations } from "./annotations.ts";
import { isAlreadyExists } from "@seaworthy/client";
import { claimReference } from "./claim-reference.ts";
import { nodeLocalDriver, sharedDriver } from "./storage-classes.ts";

/**
 * Makes, enlarges and deletes the volumes of our own StorageClasses, as external-provisioner and external-resizer do for a CSI
 * driver: a folder each. Those of one driver can be reached from one node, those of the other from all.
 * https://github.com/kubernetes-csi/external-provisioner, https://github.com/kubernetes-csi/external-resizer
 */
export async function startProvisioner(
  context: ControllerContext,
  folders: VolumeFolders,
): Promise<AsyncDisposable> {
  const { client, informers } = context;
  const claims = informers.of<PersistentVolumeClaim>(resourceTypes.persistentvolumeclaims);
  const volumes = informers.of<PersistentVolume>(resourceTypes.persistentvolumes);
  const classes = informers.of<StorageClass>(resourceTypes.storageclasses);
  const nodes = informers.of<Node>(resourceTypes.nodes);

  async function provision(claim: PersistentVolumeClaim, events: EventRecorder): Promise<void> {
    const storageClass = classes.get(undefined, storageClassOf(claim) ?? "");
    const node = nodes.get(undefined, claim.metadata.annotations?.[volumeAnnotations.selectedNode] ?? "");
    if (storageClass === undefined || (waitsForNode(storageClass) && node === undefined)) return;
    const volume = plannedVolume(claim, storageClass, node);
    if (volumes.get(undefined, volume.metadata.name) !== undefined) return;
    const { namespace, name } = claim.metadata;
    events.event(
      claim,
      "Normal",
      "Provisioning",
      `External provisioner is provisioning volume for claim "${namespace ?? ""}/${name}"`,
    );
    const refusal = refusalOf(claim, storageClass, node);
    if (refusal !== undefined) {
      const message = `failed to provision volume with StorageClass "${storageClass.metadata.name}": ${refusal}`;
      return events.event(claim, "Warning", "ProvisioningFailed", message);
    }
    await folders.make(volume.metadata.name);
    await client.create(resourceTypes.persistentvolumes, volume).catch((error: unknown) => {
      if (!isAlreadyExists(error)) throw error;
    });
    events.event(
      claim,
      "Normal",
      "ProvisioningSucceeded",
      `Successfully provisioned volume ${volume.metadata.name}`,
    );
  }

  /** A folder is as large as the disk, so that growing is a matter of saying so. */
  async function expand(
    claim: PersistentVolumeClaim,
    volume: PersistentVolume,
    events: EventRecorder,
  ): Promise<void> {
    const storage = claim.spec?.resources?.requests?.["storage"] ?? "0";
    if (compareQuantity(claim.status?.capacity?.["storage"] ?? storage, storage) >= 0) return;
    events.event(claim, "Normal", "Resizing", `External resizer is resizing volume ${volume.metadata.name}`);
    const { namespace, name } = claim.metadata;
    const capacity = { storage };
    if (compareQuantity(volume.spec.capacity?.["storage"] ?? "0", storage) < 0)
      await client.patch(resourceTypes.persistentvolumes, undefined, volume.metadata.name, "merge", {
        spec: { capacity },
      });
    await client.patch(
      resourceTypes.persistentvolumeclaims,
      namespace,
      name,
      "merge",
      { status: { capacity } },
      "status",
    );
    events.event(claim, "Normal", "VolumeResizeSuccessful", "Resize volume succeeded");
  }

  async function syncVolume(volume: PersistentVolume): Promise<void> {
    const { persistentVolumeReclaimPolicy } = volume.spec;
    if (volume.status?.phase !== "Released" || persistentVolumeReclaimPolicy !== "Delete") return;
    await folders.remove(volume.spec.csi?.volumeHandle ?? volume.metadata.name);
    await client
      .delete(resourceTypes.persistentvolumes, undefined, volume.metadata.name)
      .catch(unlessNotFound);
  }

  const ownVolume = (volume: PersistentVolume) =>
    drivers.includes(volume.metadata.annotations?.[volumeAnnotations.provisionedBy] ?? "");
  const ownClaim = (claim: PersistentVolumeClaim) =>
    drivers.includes(claim.metadata.annotations?.[volumeAnnotations.provisioner] ?? "");
  const onClaim = ({ type, object }: Change<PersistentVolumeClaim>) =>
    type !== "deleted" && ownClaim(object) ? [keyOf(object)] : [];
  const onVolume = ({ type, object }: Change<PersistentVolume>) =>
    type !== "deleted" && ownVolume(object) ? [keyOf(object)] : [];

  return await startReconciler(context, {
    name: nodeLocalDriver,
    watches: [
      watch(nodes, () => []),
      watch(classes, () =>
        claims
          .list()
          .filter((claim) => ownClaim(claim) && !isFullyBound(claim))
          .map(keyOf),
      ),
      watch(volumes, onVolume),
      watch(claims, onClaim),
    ],
    async sync(key, { events }) {
      const { namespace, name } = splitKey(key);
      // Volumes have no namespace.
      if (namespace === "") {
        const volume = volumes.get(undefined, name);
        return volume === undefined ? undefined : await syncVolume(volume);
      }
      const claim = claims.get(namespace, name);
      if (claim === undefined || claim.metadata.deletionTimestamp !== undefined) return undefined;
      const volume = volumes.get(undefined, claim.spec?.volumeName ?? "");
      if (!hasAnnotation(claim, volumeAnnotations.bindCompleted) && (claim.spec?.volumeName ?? "") === "")
        return await provision(claim, events);
      return volume !== undefined && ownVolume(volume) ? await expand(claim, volume, events) : undefined;
    },
  });
}

const drivers: readonly string[] = [nodeLocalDriver, sharedDriver];

function waitsForNode({ volumeBindingMode }: StorageClass): boolean {
  return volumeBindingMode === "WaitForFirstConsumer";
}

/** Why no volume can be made for a claim. */
function refusalOf(
  { spec }: PersistentVolumeClaim,
  { provisioner }: StorageClass,
  node: Node | undefined,
): string | undefined {
  const isShared = provisioner === sharedDriver;
  const isOneNodes = (spec?.accessModes ?? []).every((mode) => mode.startsWith("ReadWriteOnce"));
  if (!isShared && !isOneNodes)
    return "a volume of one node can be ReadWriteOnce or ReadWriteOncePod; the StorageClass shared has others";
  if (!isShared && node === undefined)
    return "a volume of one node needs a StorageClass with volumeBindingMode WaitForFirstConsumer";
  if (spec?.volumeMode === "Block") return "block devices are not supported";
  return spec?.dataSourceRef === undefined ? undefined : "copying from another volume is not supported";
}

function plannedVolume(
  claim: PersistentVolumeClaim,
  { metadata, provisioner, reclaimPolicy = "Delete", mountOptions }: StorageClass,
  node: Node | undefined,
): PersistentVolume {
  const name = `pvc-${claim.metadata.uid ?? ""}`;
  const hostname = node?.metadata.labels?.["kubernetes.io/hostname"] ?? node?.metadata.name ?? "";
  const matchExpressions = [{ key: "kubernetes.io/hostname", operator: "In", values: [hostname] }];
  return {
    apiVersion: "v1",
    kind: "PersistentVolume",
    metadata: { name, annotations: { [volumeAnnotations.provisionedBy]: provisioner } },
    spec: {
      capacity: { storage: claim.spec?.resources?.requests?.["storage"] ?? "0" },
      accessModes: [...(claim.spec?.accessModes ?? [])],
      storageClassName: metadata.name,
      persistentVolumeReclaimPolicy: reclaimPolicy,
      ...(mountOptions === undefined ? {} : { mountOptions: [...mountOptions] }),
      csi: { driver: provisioner, volumeHandle: name },
      claimRef: claimReference(claim),
      ...(provisioner === sharedDriver
        ? {}
        : { nodeAffinity: { required: { nodeSelectorTerms: [{ matchExpressions }] } } }),
    },
  };
}
