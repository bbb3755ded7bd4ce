import type { V1CronJob } from "@kubernetes/client-node";
import type { KubeObject, Unchecked } from "../../../object.ts";
import { podNameWarnings } from "../../apps/workload-warnings.ts";
import { jobSpecWarnings } from "../job/job-warnings.ts";

/** What the API server warns of in a CronJob, which it takes nevertheless. */
export function* cronJobWarnings(object: KubeObject, old: KubeObject | undefined): Generator<string> {
  const { spec = {} } = object as Unchecked<V1CronJob>;
  if (old === undefined) yield* podNameWarnings(object);
  if (old === undefined || old.metadata.generation !== object.metadata.generation)
    yield* jobSpecWarnings("spec.jobTemplate.spec", spec.jobTemplate?.spec ?? {});
  if (old !== undefined && spec.schedule?.includes("TZ") === true)
    yield "cannot use TZ or CRON_TZ in spec.spec.schedule, use timeZone instead, see https://kubernetes.io/docs/concepts/workloads/controllers/cron-jobs/ for more details";
}
