import { objectIn, whenAbsent } from "../../../defaults/fill-in.ts";
import { type JsonObject } from "../../../patch/json-value.ts";

/** SetDefaults_Job. */
export function defaultJob(job: JsonObject): void {
  const spec = objectIn(job, "spec");
  // It is not looked at here, but has defaults of its own, which it gets even when nothing was said of it.
  objectIn(objectIn(spec, "template"), "spec");
  if (spec["completions"] === undefined && spec["parallelism"] === undefined) {
    spec["completions"] = 1;
    spec["parallelism"] = 1;
  }
  whenAbsent(spec, "parallelism", 1);
  whenAbsent(spec, "backoffLimit", spec["backoffLimitPerIndex"] === undefined ? 6 : 2 ** 31 - 1);
  whenAbsent(spec, "completionMode", "NonIndexed");
  whenAbsent(spec, "suspend", false);
  whenAbsent(spec, "manualSelector", false);
  whenAbsent(
    spec,
    "podReplacementPolicy",
    spec["podFailurePolicy"] === undefined ? "TerminatingOrFailed" : "Failed",
  );
}
