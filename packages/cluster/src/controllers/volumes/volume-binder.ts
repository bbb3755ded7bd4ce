import type { Change } from "@seaworthy/client";
import {
  resourceTypes,
  storageClassOf,
  type PersistentVolume,
  type PersistentVolumeClaim,
  type Pod,
  type StorageClass,
} from "@seaworthy/kube";
import type { EventRecorder } from "../../event-recorder.ts";
import { keyOf, splitKey, type ControllerContext } from "../reconciler/controller-context.ts";
import { startReconciler, watch } from "../reconciler/start-reconciler.ts";
import { hasAnnotation, isFullyBound, volumeAnnotations } from "./annotations.ts";
import { claimsOfPod } from "./claims-of-pod.ts";
import { findVolume, isBoundTo, mismatchOf } from "./find-volume.ts";
import { createVolumeWriter } from "./volume-writer.ts";

/**
 * Brings PersistentVolumeClaims and PersistentVolumes together, and says in which phase they are.
 * https://github.com/kubernetes/kubernetes/blob/v1.36.3/pkg/controller/volume/persistentvolume/pv_controller.go
 */
export async function startVolumeBinder(context: ControllerContext): Promise<AsyncDisposable> {
  const { client, clock, informers } = context;
  const claims = informers.of<PersistentVolumeClaim>(resourceTypes.persistentvolumeclaims);
  const volumes = informers.of<PersistentVolume>(resourceTypes.persistentvolumes);
  const classes = informers.of<StorageClass>(resourceTypes.storageclasses);
  const pods = informers.of<Pod>(resourceTypes.pods);
  const writer = createVolumeWriter(client, clock);

  async function syncClaim(claim: PersistentVolumeClaim, events: EventRecorder): Promise<void> {
    if (hasAnnotation(claim, volumeAnnotations.bindCompleted)) return await syncBoundClaim(claim, events);
    const { volumeName = "" } = claim.spec ?? {};
    if (volumeName !== "") return await bindNamed(claim, volumes.get(undefined, volumeName), events);
    const storageClass = classes.get(undefined, storageClassOf(claim) ?? "");
    const waits = storageClass?.volumeBindingMode === "WaitForFirstConsumer";
    const volume = findVolume({ claim, volumes: volumes.list(), waits });
    if (volume !== undefined) return await writer.bind(volume, claim);
    await askForVolume(claim, storageClass, events);
    await writer.setClaimPhase(claim, "Pending");
  }

  async function askForVolume(
    claim: PersistentVolumeClaim,
    storageClass: StorageClass | undefined,
    events: EventRecorder,
  ): Promise<void> {
    const className = storageClassOf(claim) ?? "";
    if (className === "")
      return events.event(
        claim,
        "Normal",
        "FailedBinding",
        "no persistent volumes available for this claim and no storage class is set",
      );
    if (storageClass === undefined)
      return events.event(
        claim,
        "Warning",
        "ProvisioningFailed",
        `storageclass.storage.k8s.io "${className}" not found`,
      );
    const isWaiting = storageClass.volumeBindingMode === "WaitForFirstConsumer";
    if (isWaiting && !hasAnnotation(claim, volumeAnnotations.selectedNode))
      return sayWhatItWaitsFor(claim, events);
    const { provisioner } = storageClass;
    if (provisioner === "kubernetes.io/no-provisioner")
      return events.event(
        claim,
        "Normal",
        "FailedBinding",
        "no persistent volumes available for this claim and no storage class is set",
      );
    const message = `Waiting for a volume to be created either by the external provisioner '${provisioner}' or manually by the system administrator. If volume creation is delayed, please verify that the provisioner is running and correctly registered.`;
    events.event(claim, "Normal", "ExternalProvisioning", message);
    await writer.annotateClaim(claim, {
      [volumeAnnotations.betaProvisioner]: provisioner,
      [volumeAnnotations.provisioner]: provisioner,
    });
  }

  function sayWhatItWaitsFor(claim: PersistentVolumeClaim, events: EventRecorder): void {
    const { namespace, name } = claim.metadata;
    const waiting = pods
      .list(namespace)
      .filter(
        (pod) => (pod.spec.nodeName ?? "") === "" && claimsOfPod(pod).some((used) => used.name === name),
      )
      .map(({ metadata }) => metadata.name);
    if (waiting.length === 0)
      events.event(
        claim,
        "Normal",
        "WaitForFirstConsumer",
        "waiting for first consumer to be created before binding",
      );
    else
      events.event(
        claim,
        "Normal",
        "WaitForPodScheduled",
        `waiting for ${waiting.length === 1 ? "pod" : "pods"} ${waiting.join(",")} to be scheduled`,
      );
  }

  /** A claim that names its volume gets that one or none. */
  async function bindNamed(
    claim: PersistentVolumeClaim,
    volume: PersistentVolume | undefined,
    events: EventRecorder,
  ): Promise<void> {
    const refuse = async (reason: string, message: string) => {
      events.event(claim, "Warning", reason, message);
      await writer.setClaimPhase(claim, "Pending");
    };
    if (volume === undefined) return void (await writer.setClaimPhase(claim, "Pending"));
    const { name } = volume.metadata;
    if (volume.spec.claimRef === undefined) {
      const mismatch = mismatchOf(volume, claim);
      if (mismatch === undefined) return await writer.bind(volume, claim);
      return await refuse("VolumeMismatch", `Cannot bind to requested volume "${name}": ${mismatch}`);
    }
    if (isBoundTo(volume, claim)) return await writer.bind(volume, claim);
    await refuse("FailedBinding", `volume "${name}" already bound to a different claim.`);
  }

  async function syncBoundClaim(claim: PersistentVolumeClaim, events: EventRecorder): Promise<void> {
    const { volumeName = "" } = claim.spec ?? {};
    const volume = volumes.get(undefined, volumeName);
    const lose = async (reason: string, message: string) => {
      if (await writer.setClaimPhase(claim, "Lost")) events.event(claim, "Warning", reason, message);
    };
    if (volumeName === "")
      return await lose(
        "ClaimLost",
        "Bound claim has lost reference to PersistentVolume. Data on the volume is lost!",
      );
    if (volume === undefined)
      return await lose(
        "ClaimLost",
        "Bound claim has lost its PersistentVolume. Data on the volume is lost!",
      );
    const { claimRef } = volume.spec;
    if (claimRef === undefined || claimRef.uid === claim.metadata.uid)
      return await writer.bind(volume, claim);
    await lose("ClaimMisbound", "Two claims are bound to the same volume, this one is bound incorrectly");
  }

  async function syncVolume(volume: PersistentVolume, events: EventRecorder, add: (key: string) => void) {
    const { claimRef } = volume.spec;
    if ((claimRef?.uid ?? "") === "") return void (await writer.setPhase(volume, "Available"));
    const claim = claims.get(claimRef?.namespace, claimRef?.name ?? "");
    if (claim === undefined || claim.metadata.uid !== claimRef?.uid) return await release(volume, events);
    const { volumeName = "" } = claim.spec ?? {};
    if (volumeName === volume.metadata.name) await writer.setPhase(volume, "Bound");
    // It is bound from the claim's side.
    else if (volumeName === "") add(claimKey(claim));
    else if (hasAnnotation(volume, volumeAnnotations.provisionedBy)) await release(volume, events);
    else await writer.unbind(volume);
  }

  /** What has a provisioner is deleted by that one, and the rest cannot be deleted. */
  async function release(volume: PersistentVolume, events: EventRecorder): Promise<void> {
    const { phase } = volume.status ?? {};
    if (phase === "Failed") return;
    const released = phase === "Released" ? volume : await writer.setPhase(volume, "Released");
    if (volume.spec.persistentVolumeReclaimPolicy !== "Delete") return;
    if (hasAnnotation(volume, volumeAnnotations.provisionedBy)) return;
    const message = `error getting deleter volume plugin for volume "${volume.metadata.name}": no deletable volume plugin matched`;
    await writer.setPhase(released, "Failed", message);
    events.event(volume, "Warning", "VolumeFailedDelete", message);
  }

  const unboundClaims = () =>
    claims
      .list()
      .filter((claim) => !isFullyBound(claim))
      .map(claimKey);
  const onVolume = ({ type, object }: Change<PersistentVolume>) => {
    const { claimRef } = object.spec;
    const own = claims.list().filter(({ spec }) => spec?.volumeName === object.metadata.name);
    return [
      ...(type === "deleted" ? [] : [`volume${keyOf(object)}`]),
      ...(claimRef === undefined
        ? unboundClaims()
        : [`claim/${claimRef.namespace ?? ""}/${claimRef.name ?? ""}`]),
      ...own.map(claimKey),
    ];
  };
  const onClaim = ({ object }: Change<PersistentVolumeClaim>) => [
    claimKey(object),
    ...volumes
      .list()
      .filter(
        ({ spec, metadata }) =>
          spec.claimRef?.uid === object.metadata.uid || metadata.name === object.spec?.volumeName,
      )
      .map((volume) => `volume${keyOf(volume)}`),
  ];

  return await startReconciler(context, {
    name: "persistentvolume-controller",
    watches: [
      watch(pods, () => []),
      watch(classes, unboundClaims),
      watch(volumes, onVolume),
      watch(claims, onClaim),
    ],
    async sync(key, { events, add }) {
      const [what, rest = ""] = [key.slice(0, key.indexOf("/")), key.slice(key.indexOf("/") + 1)];
      const { namespace, name } = what === "volume" ? { namespace: "", name: rest } : splitKey(rest);
      const claim = what === "claim" ? claims.get(namespace, name) : undefined;
      const volume = what === "volume" ? volumes.get(undefined, name) : undefined;
      if (claim !== undefined) await syncClaim(claim, events);
      if (volume !== undefined) await syncVolume(volume, events, add);
    },
  });
}

function claimKey(claim: PersistentVolumeClaim): string {
  return `claim/${keyOf(claim)}`;
}
