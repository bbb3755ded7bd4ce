import type { Change } from "@seaworthy/client";
import { matchesLabelSelector, resourceTypes, type Job, type Pod } from "@seaworthy/kube";
import { claimObjects } from "../pod-owners/claim-objects.ts";
import { createExpectations } from "../pod-owners/expectations.ts";
import { interestedOwners } from "../pod-owners/interested-owners.ts";
import { createLastWritten } from "../pod-owners/last-written.ts";
import { createPodControl } from "../pod-owners/pod-control.ts";
import { watchOwnersAndPods } from "../pod-owners/watch-owners-and-pods.ts";
import { splitKey, type ControllerContext } from "../reconciler/controller-context.ts";
import { startReconciler } from "../reconciler/start-reconciler.ts";
import type { Backoff } from "./job-backoff.ts";
import { isTracked, jobTrackingFinalizer } from "./job-pods.ts";
import { finishedCondition } from "./judge-job.ts";
import { syncJob } from "./sync-job.ts";

/**
 * Runs pods for each Job until enough of them have succeeded, or too many have failed.
 * https://github.com/kubernetes/kubernetes/blob/v1.36.3/pkg/controller/job/job_controller.go
 */
export async function startJobController(context: ControllerContext): Promise<AsyncDisposable> {
  const { client, clock, informers } = context;
  const jobs = informers.of<Job>(resourceTypes.jobs);
  const pods = informers.of<Pod>(resourceTypes.pods);
  const expectations = createExpectations(clock);
  const written = createLastWritten();
  const backoffs = new Map<string, Backoff>();
  const released = new Set<string>();
  const memory = {
    client,
    clock,
    podControl: createPodControl(client, expectations),
    written,
    backoffs,
    released,
  };
  const ownersOf = (pod: Pod) => interestedOwners("Job", jobs, pod, ({ spec }) => spec.selector);

  function forget(job: Job): void {
    const uid = job.metadata.uid ?? "";
    expectations.forget(uid);
    backoffs.delete(uid);
    written.forget(job);
  }

  function observe({ type, object: pod }: Change<Pod>): void {
    if (type === "deleted" || !isTracked(pod)) released.delete(pod.metadata.uid ?? "");
  }

  return await startReconciler(context, {
    name: "job-controller",
    workers: 4,
    watches: watchOwnersAndPods({ owners: jobs, pods, expectations, ownersOf, forget, observe }),
    async sync(key, { events, add }) {
      const { namespace, name } = splitKey(key);
      const job = jobs.get(namespace, name);
      if (job === undefined || isManagedElsewhere(job) || written.isStale(job)) return;
      if (finishedCondition(job) !== undefined) return forget(job);
      // Both as they are before the pods are read: what is seen in between would be taken for new.
      const before = {
        mayManage: expectations.satisfied(job.metadata.uid ?? ""),
        released: new Set(released),
      };
      const { selector = {} } = job.spec;
      const own = await claimObjects<Pod>({
        client,
        owner: job,
        ownerType: resourceTypes.jobs,
        type: resourceTypes.pods,
        objects: pods.list(namespace),
        matches: (pod) => matchesLabelSelector(selector, pod.metadata.labels ?? {}),
        finalizer: jobTrackingFinalizer,
      });
      const afterMs = await syncJob({ ...memory, events }, job, own, before);
      if (afterMs !== undefined) add({ key, afterMs });
    },
  });
}

/** Whether somebody else runs the Job. */
function isManagedElsewhere({ spec }: Job): boolean {
  return (spec.managedBy ?? ownName) !== ownName;
}

const ownName = "kubernetes.io/job-controller";
