import { isNotFound, type KubeClient } from "@seaworthy/client";
import { resourceTypes, type Pod } from "@seaworthy/kube";
import { isTracked, jobTrackingFinalizer } from "./job-pods.ts";

/** Takes the finalizer from a pod that its Job has counted, or that has no Job any more; `released` notes it until it is seen. */
export async function releasePod(client: KubeClient, released: Set<string>, pod: Pod): Promise<void> {
  const { namespace, name, uid = "" } = pod.metadata;
  if (!isTracked(pod)) return;
  const patch = { metadata: { uid, "$deleteFromPrimitiveList/finalizers": [jobTrackingFinalizer] } };
  released.add(uid);
  try {
    await client.patch(resourceTypes.pods, namespace, name, "strategic", patch);
  } catch (error) {
    released.delete(uid);
    if (!isNotFound(error)) throw error;
  }
}
