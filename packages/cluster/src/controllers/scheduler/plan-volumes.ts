import {
  compareQuantity,
  storageClassOf,
  type Node,
  type PersistentVolume,
  type PersistentVolumeClaim,
  type Pod,
} from "@seaworthy/kube";
import { isFullyBound, volumeAnnotations } from "../volumes/annotations.ts";
import { claimsOfPod, isForPod } from "../volumes/claims-of-pod.ts";
import { findVolume, reaches } from "../volumes/find-volume.ts";
import type { NodeProblem } from "./plugin.ts";
import type { StorageView } from "./snapshot.ts";

/** The claims of a pod by what has to happen with them before it runs. */
export interface PodClaims {
  readonly bound: readonly PersistentVolumeClaim[];
  /** They get a volume once it is known on which node it is needed. */
  readonly waiting: readonly PersistentVolumeClaim[];
}

/** What becomes of the waiting claims of a pod on one node, or why the pod cannot be there. */
export interface VolumePlan {
  readonly problems: readonly NodeProblem[];
  readonly bind: readonly { readonly claim: PersistentVolumeClaim; readonly volume: PersistentVolume }[];
  readonly provision: readonly PersistentVolumeClaim[];
}

/**
 * The claims of a pod; a text when it can be on no node as they are.
 * https://github.com/kubernetes/kubernetes/blob/v1.36.3/pkg/scheduler/framework/plugins/volumebinding/volume_binding.go (PreFilter)
 */
export function podClaims(pod: Pod, storage: StorageView): PodClaims | string {
  const found: PersistentVolumeClaim[] = [];
  for (const { name, isEphemeral } of claimsOfPod(pod)) {
    const claim = storage.claim(pod.metadata.namespace, name);
    if (claim === undefined)
      return isEphemeral
        ? `waiting for ephemeral volume controller to create the persistentvolumeclaim "${name}"`
        : `persistentvolumeclaim "${name}" not found`;
    if (claim.status?.phase === "Lost")
      return `persistentvolumeclaim "${name}" bound to non-existent persistentvolume "${claim.spec?.volumeName ?? ""}"`;
    if (claim.metadata.deletionTimestamp !== undefined)
      return `persistentvolumeclaim "${name}" is being deleted`;
    if (isEphemeral && !isForPod(claim, pod))
      return `PVC ${pod.metadata.namespace ?? ""}/${name} was not created for pod ${pod.metadata.namespace ?? ""}/${pod.metadata.name} (pod is not owner)`;
    found.push(claim);
  }
  const unbound = found.filter((claim) => !isFullyBound(claim));
  // One that names its volume is bound as soon as that is there, whatever its class.
  if (unbound.some((claim) => !waitsForNode(claim, storage) || (claim.spec?.volumeName ?? "") !== ""))
    return "pod has unbound immediate PersistentVolumeClaims";
  return { bound: found.filter(isFullyBound), waiting: unbound };
}

/**
 * Plans the volumes of a pod for one node.
 * https://github.com/kubernetes/kubernetes/blob/v1.36.3/pkg/scheduler/framework/plugins/volumebinding/binder.go (FindPodVolumes)
 */
export function planVolumes({ bound, waiting }: PodClaims, node: Node, storage: StorageView): VolumePlan {
  const volumes = bound.map(({ spec }) => storage.volume(spec?.volumeName ?? ""));
  const reasons: string[] = [];
  if (volumes.includes(undefined))
    reasons.push("node(s) unavailable due to one or more pvc(s) bound to non-existent pv(s)");
  if (volumes.some((volume) => volume !== undefined && !reaches(node, volume)))
    reasons.push("node(s) didn't match PersistentVolume's node affinity");
  const bind: { claim: PersistentVolumeClaim; volume: PersistentVolume }[] = [];
  const provision: PersistentVolumeClaim[] = [];
  const bySize = waiting.toSorted((left, right) => compareQuantity(sizeOf(left), sizeOf(right)));
  for (const claim of bySize) {
    const selected = claim.metadata.annotations?.[volumeAnnotations.selectedNode];
    const free = storage.volumes().filter((volume) => !bind.some((taken) => taken.volume === volume));
    const volume =
      selected === undefined ? findVolume({ claim, volumes: free, node, waits: true }) : undefined;
    if (volume !== undefined) bind.push({ claim, volume });
    else if (selected === undefined ? canProvision(claim, node, storage) : selected === node.metadata.name)
      provision.push(claim);
    else {
      reasons.push("node(s) didn't find available persistent volumes to bind");
      break;
    }
  }
  return { problems: reasons.map((reason) => ({ reason, fatal: true })), bind, provision };
}

/** Whether a claim gets its volume only when a pod that uses it has a node. */
export function waitsForNode(
  claim: PersistentVolumeClaim,
  storage: Pick<StorageView, "storageClass">,
): boolean {
  const storageClass = storage.storageClass(storageClassOf(claim) ?? "");
  return storageClass?.volumeBindingMode === "WaitForFirstConsumer";
}

function sizeOf({ spec }: PersistentVolumeClaim): string {
  return spec?.resources?.requests?.["storage"] ?? "0";
}

function canProvision(claim: PersistentVolumeClaim, node: Node, storage: StorageView): boolean {
  const storageClass = storage.storageClass(storageClassOf(claim) ?? "");
  if (storageClass === undefined || storageClass.provisioner === "kubernetes.io/no-provisioner") return false;
  const { allowedTopologies = [] } = storageClass;
  if (allowedTopologies.length === 0) return true;
  return allowedTopologies.some(({ matchLabelExpressions = [] }) =>
    matchLabelExpressions.every(({ key, values }) => values.includes(node.metadata.labels?.[key] ?? "")),
  );
}
