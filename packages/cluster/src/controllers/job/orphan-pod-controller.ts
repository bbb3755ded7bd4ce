import { resourceTypes, type Job, type Pod } from "@seaworthy/kube";
import { controllerOf } from "../pod-owners/claim-objects.ts";
import { keyOf, splitKey, type ControllerContext } from "../reconciler/controller-context.ts";
import { startReconciler, watch } from "../reconciler/start-reconciler.ts";
import { isTracked } from "./job-pods.ts";
import { finishedCondition } from "./judge-job.ts";
import { releasePod } from "./release-pod.ts";

/**
 * Lets pods go that no Job will count any more, because theirs has ended or is gone.
 * https://github.com/kubernetes/kubernetes/blob/v1.36.3/pkg/controller/job/job_controller.go (syncOrphanPod)
 */
export async function startOrphanPodController(context: ControllerContext): Promise<AsyncDisposable> {
  const { client, informers } = context;
  const jobs = informers.of<Job>(resourceTypes.jobs);
  const pods = informers.of<Pod>(resourceTypes.pods);

  function isOrphan(pod: Pod): boolean {
    const controller = controllerOf(pod);
    if (!isTracked(pod) || (controller !== undefined && controller.kind !== resourceTypes.jobs.kind))
      return false;
    const job = controller && jobs.get(pod.metadata.namespace, controller.name);
    return job === undefined || job.metadata.uid !== controller?.uid || finishedCondition(job) !== undefined;
  }

  return await startReconciler(context, {
    name: "job-controller",
    watches: [
      watch(pods, ({ type, object }) => (type !== "deleted" && isTracked(object) ? [keyOf(object)] : [])),
      watch(jobs, ({ type, object }) => {
        if (type !== "deleted" && finishedCondition(object) === undefined) return [];
        const own = pods.list(object.metadata.namespace);
        return own.filter((pod) => controllerOf(pod)?.uid === object.metadata.uid).map(keyOf);
      }),
    ],
    async sync(key) {
      const { namespace, name } = splitKey(key);
      const pod = pods.get(namespace, name);
      if (pod !== undefined && isOrphan(pod)) await releasePod(client, new Set(), pod);
    },
  });
}
