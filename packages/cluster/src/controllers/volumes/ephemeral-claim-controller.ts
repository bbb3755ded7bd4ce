import { isAlreadyExists } from "@seaworthy/client";
import { resourceTypes, type PersistentVolumeClaim, type Pod, type Volume } from "@seaworthy/kube";
import { keyOf, splitKey, type ControllerContext } from "../reconciler/controller-context.ts";
import { startReconciler, watch } from "../reconciler/start-reconciler.ts";
import { claimNameOf, isForPod } from "./claims-of-pod.ts";

/**
 * Makes the claims of generic ephemeral volumes, which belong to their pod and go with it.
 * https://github.com/kubernetes/kubernetes/blob/v1.36.3/pkg/controller/volume/ephemeral/controller.go
 */
export async function startEphemeralClaimController(context: ControllerContext): Promise<AsyncDisposable> {
  const { client, informers } = context;
  const pods = informers.of<Pod>(resourceTypes.pods);
  const claims = informers.of<PersistentVolumeClaim>(resourceTypes.persistentvolumeclaims);
  return await startReconciler(context, {
    name: "ephemeral_volume",
    watches: [
      watch(claims, ({ type, object: { metadata } }) =>
        type === "deleted"
          ? (metadata.ownerReferences ?? []).map(({ name }) => `${metadata.namespace ?? ""}/${name}`)
          : [],
      ),
      watch(pods, ({ object: pod }) => (pod.spec.volumes?.some(hasTemplate) === true ? [keyOf(pod)] : [])),
    ],
    async sync(key, { events }) {
      const { namespace, name } = splitKey(key);
      const pod = pods.get(namespace, name);
      if (pod === undefined || pod.metadata.deletionTimestamp !== undefined) return;
      for (const volume of pod.spec.volumes?.filter(hasTemplate) ?? []) {
        const claim = plannedClaim(pod, volume);
        const found = claims.get(namespace, claim.metadata.name);
        if (found !== undefined && !isForPod(found, pod))
          events.event(
            pod,
            "Warning",
            "FailedBinding",
            `ephemeral volume ${volume.name}: PVC ${namespace}/${claim.metadata.name} was not created for pod ${namespace}/${name} (pod is not owner)`,
          );
        if (found === undefined)
          await client.create(resourceTypes.persistentvolumeclaims, claim).catch((error: unknown) => {
            if (!isAlreadyExists(error)) throw error;
          });
      }
    },
  });
}

function hasTemplate({ ephemeral }: Volume): boolean {
  return ephemeral?.volumeClaimTemplate !== undefined;
}

function plannedClaim({ metadata }: Pod, volume: Volume): PersistentVolumeClaim {
  const template = volume.ephemeral?.volumeClaimTemplate;
  const { labels, annotations } = template?.metadata ?? {};
  const { namespace = "", name, uid = "" } = metadata;
  const owner = { apiVersion: "v1", kind: "Pod", name, uid, controller: true, blockOwnerDeletion: true };
  return {
    apiVersion: "v1",
    kind: "PersistentVolumeClaim",
    metadata: {
      name: claimNameOf(volume, name) ?? "",
      namespace,
      ...(labels === undefined ? {} : { labels }),
      ...(annotations === undefined ? {} : { annotations }),
      ownerReferences: [owner],
    },
    ...(template?.spec === undefined ? {} : { spec: structuredClone(template.spec) }),
  };
}
