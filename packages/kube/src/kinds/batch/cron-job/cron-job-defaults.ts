import { objectIn, whenAbsent, whenEmpty } from "../../../defaults/fill-in.ts";
import { type JsonObject } from "../../../patch/json-value.ts";

/** SetDefaults_CronJob. */
export function defaultCronJob(cronJob: JsonObject): void {
  const spec = objectIn(cronJob, "spec");
  whenEmpty(spec, "concurrencyPolicy", "Allow");
  whenAbsent(spec, "suspend", false);
  whenAbsent(spec, "successfulJobsHistoryLimit", 3);
  whenAbsent(spec, "failedJobsHistoryLimit", 1);
  whenAbsent(objectIn(spec, "jobTemplate"), "metadata", {});
}
