import type { Change } from "@seaworthy/client";
import {
  hasPodEnded,
  resourceTypes,
  type KubeObject,
  type PersistentVolume,
  type PersistentVolumeClaim,
  type Pod,
  type ServedType,
} from "@seaworthy/kube";
import { keyOf, splitKey, type ControllerContext } from "../reconciler/controller-context.ts";
import { startReconciler, watch } from "../reconciler/start-reconciler.ts";
import { unlessNotFound } from "../reconciler/unless-not-found.ts";
import { claimsOfPod } from "./claims-of-pod.ts";

/**
 * Lets claims that are being deleted go when no pod uses them any more, and volumes when they are not bound.
 * https://github.com/kubernetes/kubernetes/tree/v1.36.3/pkg/controller/volume (pvcprotection, pvprotection)
 */
export async function startVolumeProtection(context: ControllerContext): Promise<AsyncDisposable> {
  const { client, informers } = context;
  const claims = informers.of<PersistentVolumeClaim>(resourceTypes.persistentvolumeclaims);
  const volumes = informers.of<PersistentVolume>(resourceTypes.persistentvolumes);
  const pods = informers.of<Pod>(resourceTypes.pods);

  async function letGo(type: ServedType, object: KubeObject, finalizer: string): Promise<void> {
    const { namespace, name, resourceVersion, finalizers = [], deletionTimestamp } = object.metadata;
    if (deletionTimestamp === undefined || !finalizers.includes(finalizer)) return;
    const left = finalizers.filter((each) => each !== finalizer);
    const patch = { metadata: { resourceVersion, finalizers: left } };
    await client.patch(type, namespace, name, "merge", patch).catch(unlessNotFound);
  }

  const onPod = ({ object: pod }: Change<Pod>) =>
    claimsOfPod(pod).map(({ name }) => `${pod.metadata.namespace ?? ""}/${name}`);

  return await startReconciler(context, {
    name: "pvc-protection-controller",
    watches: [
      watch(pods, onPod),
      watch(claims, ({ object }) => [keyOf(object)]),
      watch(volumes, ({ object }) => [keyOf(object)]),
    ],
    async sync(key) {
      const { namespace, name } = splitKey(key);
      const volume = namespace === "" ? volumes.get(undefined, name) : undefined;
      const claim = namespace === "" ? undefined : claims.get(namespace, name);
      if (volume !== undefined && volume.status?.phase !== "Bound")
        await letGo(resourceTypes.persistentvolumes, volume, "kubernetes.io/pv-protection");
      if (claim !== undefined && !pods.list(namespace).some((pod) => uses(pod, name)))
        await letGo(resourceTypes.persistentvolumeclaims, claim, "kubernetes.io/pvc-protection");
    },
  });
}

/** A pod without a node does not use its claims yet, and one that has ended its ephemeral ones no more. */
function uses(pod: Pod, claimName: string): boolean {
  if ((pod.spec.nodeName ?? "") === "") return false;
  return claimsOfPod(pod).some(
    ({ name, isEphemeral }) => name === claimName && !(isEphemeral && hasPodEnded(pod)),
  );
}
