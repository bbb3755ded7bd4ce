import type { KubeClient } from "@seaworthy/client";
import {
  deepEqual,
  resourceTypes,
  timestamp,
  type PersistentVolume,
  type PersistentVolumeClaim,
} from "@seaworthy/kube";
import type { Clock } from "../../clock.ts";
import { volumeAnnotations, hasAnnotation } from "./annotations.ts";
import { claimReference } from "./claim-reference.ts";
import { isBoundTo } from "./find-volume.ts";

/** Writes what the binder decides. A write fails when the object is another by now; then its key is worked on again. */
export interface VolumeWriter {
  /** Makes a volume and a claim each other's, by steps that can be cut off anywhere and gone on with. */
  bind(volume: PersistentVolume, claim: PersistentVolumeClaim): Promise<void>;
  /** Takes a volume from its claim. */
  unbind(volume: PersistentVolume): Promise<void>;
  setPhase(volume: PersistentVolume, phase: string, message?: string): Promise<PersistentVolume>;
  /** Says whether the phase is news. */
  setClaimPhase(claim: PersistentVolumeClaim, phase: string, volume?: PersistentVolume): Promise<boolean>;
  annotateClaim(claim: PersistentVolumeClaim, annotations: Readonly<Record<string, string>>): Promise<void>;
}

/** https://github.com/kubernetes/kubernetes/blob/v1.36.3/pkg/controller/volume/persistentvolume/pv_controller.go (bind) */
export function createVolumeWriter(client: KubeClient, clock: Clock): VolumeWriter {
  const { persistentvolumes, persistentvolumeclaims } = resourceTypes;
  const bound = { [volumeAnnotations.boundByController]: "yes" };

  async function claimVolume(volume: PersistentVolume, claim: PersistentVolumeClaim) {
    const { claimRef } = volume.spec;
    if (claimRef?.uid === claim.metadata.uid) return volume;
    // Whoever named the claim beforehand wants the volume to be kept for it.
    const annotations = isBoundTo(volume, claim) ? {} : bound;
    const patch = { ...revised(volume, annotations), spec: { claimRef: claimReference(claim) } };
    return await client.patch<PersistentVolume>(
      persistentvolumes,
      undefined,
      volume.metadata.name,
      "merge",
      patch,
    );
  }

  async function nameVolume(claim: PersistentVolumeClaim, { metadata: { name } }: PersistentVolume) {
    const isNamed = claim.spec?.volumeName === name;
    if (isNamed && hasAnnotation(claim, volumeAnnotations.bindCompleted)) return claim;
    const annotations = { ...(isNamed ? {} : bound), [volumeAnnotations.bindCompleted]: "yes" };
    const patch = { ...revised(claim, annotations), spec: { volumeName: name } };
    const { namespace } = claim.metadata;
    return await client.patch<PersistentVolumeClaim>(
      persistentvolumeclaims,
      namespace,
      claim.metadata.name,
      "merge",
      patch,
    );
  }

  const writer: VolumeWriter = {
    async bind(volume, claim) {
      const claimed = await writer.setPhase(await claimVolume(volume, claim), "Bound");
      await writer.setClaimPhase(await nameVolume(claim, claimed), "Bound", claimed);
    },
    async unbind(volume) {
      const { claimRef } = volume.spec;
      const isOurs = hasAnnotation(volume, volumeAnnotations.boundByController);
      const patch = {
        metadata: {
          resourceVersion: volume.metadata.resourceVersion,
          ...(isOurs ? { annotations: { [volumeAnnotations.boundByController]: null } } : {}),
        },
        spec: { claimRef: isOurs ? null : { ...claimRef, uid: null, resourceVersion: null } },
      };
      const unbound = await client.patch<PersistentVolume>(
        persistentvolumes,
        undefined,
        volume.metadata.name,
        "merge",
        patch,
      );
      await writer.setPhase(unbound, "Available");
    },
    async setPhase(volume, phase, message) {
      if (volume.status?.phase === phase) return volume;
      const lastPhaseTransitionTime = timestamp(clock.now());
      const status = { phase, message: message ?? null, lastPhaseTransitionTime };
      const patch = { ...revised(volume), status };
      return await client.patch(persistentvolumes, undefined, volume.metadata.name, "merge", patch, "status");
    },
    async setClaimPhase(claim, phase, volume) {
      const { accessModes, capacity = {} } = volume?.spec ?? {};
      const { status: before = {} } = claim;
      // What a claim has grown to is for those to say who made it grow.
      const status =
        volume === undefined
          ? { phase, accessModes: null, capacity: null }
          : {
              phase,
              accessModes,
              capacity: before.phase === phase ? (before.capacity ?? capacity) : capacity,
            };
      const had = {
        phase: before.phase,
        accessModes: before.accessModes ?? null,
        capacity: before.capacity ?? null,
      };
      if (deepEqual(had, status)) return false;
      const { namespace, name } = claim.metadata;
      const patch = { ...revised(claim), status };
      await client.patch(persistentvolumeclaims, namespace, name, "merge", patch, "status");
      return before.phase !== phase;
    },
    async annotateClaim(claim, annotations) {
      if (Object.entries(annotations).every(([key, value]) => claim.metadata.annotations?.[key] === value))
        return;
      const { namespace, name } = claim.metadata;
      await client.patch(persistentvolumeclaims, namespace, name, "merge", revised(claim, annotations));
    },
  };
  return writer;
}

function revised(
  { metadata: { resourceVersion, uid } }: PersistentVolume | PersistentVolumeClaim,
  annotations: Readonly<Record<string, string>> = {},
) {
  return { metadata: { resourceVersion, uid, annotations } };
}
