import { objectIn, whenAbsent, whenEmpty } from "../../../defaults/fill-in.ts";
import type { JsonObject } from "../../../patch/json-value.ts";

/** SetDefaults_Deployment. */
export function defaultDeployment(deployment: JsonObject): void {
  const spec = objectIn(deployment, "spec");
  whenAbsent(spec, "replicas", 1);
  const strategy = objectIn(spec, "strategy");
  whenEmpty(strategy, "type", "RollingUpdate");
  if (strategy["type"] === "RollingUpdate") {
    const rollingUpdate = objectIn(strategy, "rollingUpdate");
    whenAbsent(rollingUpdate, "maxUnavailable", "25%");
    whenAbsent(rollingUpdate, "maxSurge", "25%");
  }
  whenAbsent(spec, "revisionHistoryLimit", 10);
  whenAbsent(spec, "progressDeadlineSeconds", 600);
}
