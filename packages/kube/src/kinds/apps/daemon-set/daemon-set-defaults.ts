import { objectIn, whenAbsent, whenEmpty } from "../../../defaults/fill-in.ts";
import { type JsonObject } from "../../../patch/json-value.ts";

/** SetDefaults_DaemonSet. */
export function defaultDaemonSet(daemonSet: JsonObject): void {
  const spec = objectIn(daemonSet, "spec");
  const strategy = objectIn(spec, "updateStrategy");
  whenEmpty(strategy, "type", "RollingUpdate");
  if (strategy["type"] === "RollingUpdate") {
    const rollingUpdate = objectIn(strategy, "rollingUpdate");
    whenAbsent(rollingUpdate, "maxUnavailable", 1);
    whenAbsent(rollingUpdate, "maxSurge", 0);
  }
  whenAbsent(spec, "revisionHistoryLimit", 10);
}
