import { parseTimestamp, resourceTypes, type Job } from "@seaworthy/kube";
import { keyOf, splitKey, type ControllerContext } from "../reconciler/controller-context.ts";
import { unlessNotFound } from "../reconciler/unless-not-found.ts";
import { startReconciler, watch } from "../reconciler/start-reconciler.ts";
import { finishedCondition } from "./judge-job.ts";

/**
 * Deletes Jobs, with their pods, so long after their end as they say.
 * https://github.com/kubernetes/kubernetes/blob/v1.36.3/pkg/controller/ttlafterfinished/ttlafterfinished_controller.go
 */
export async function startTtlAfterFinishedController(context: ControllerContext): Promise<AsyncDisposable> {
  const { client, clock, informers } = context;
  const jobs = informers.of<Job>(resourceTypes.jobs);
  return await startReconciler(context, {
    name: "ttl-after-finished-controller",
    watches: [watch(jobs, ({ type, object }) => (type === "deleted" ? [] : [keyOf(object)]))],
    async sync(key, { add }) {
      const { namespace, name } = splitKey(key);
      const job = jobs.get(namespace, name);
      const afterMs = job === undefined ? undefined : leftMs(job, clock.now());
      if (afterMs === undefined) return;
      if (afterMs > 0) return add({ key, afterMs });
      // The limit may have been raised since, and what is deleted does not come back: so the API is asked.
      const fresh = await client.get<Job>(resourceTypes.jobs, namespace, name).catch(unlessNotFound);
      if (fresh === undefined || (leftMs(fresh, clock.now()) ?? Infinity) > 0) return;
      const { uid = "" } = fresh.metadata;
      await client
        .delete(resourceTypes.jobs, namespace, name, { uid, propagationPolicy: "Foreground" })
        .catch(unlessNotFound);
    },
  });
}

/** How long a Job that has ended still stays; undefined for one that stays. */
function leftMs(job: Job, nowMs: number): number | undefined {
  const { ttlSecondsAfterFinished } = job.spec;
  const finishedMs = parseTimestamp(finishedCondition(job)?.lastTransitionTime);
  if (ttlSecondsAfterFinished === undefined || finishedMs === undefined) return undefined;
  if (job.metadata.deletionTimestamp !== undefined) return undefined;
  return finishedMs + ttlSecondsAfterFinished * 1000 - nowMs;
}
