import { objectIn, whenAbsent, whenEmpty } from "../../../defaults/fill-in.ts";
import { isJsonObject, type JsonObject } from "../../../patch/json-value.ts";

/** SetDefaults_StatefulSet. */
export function defaultStatefulSet(statefulSet: JsonObject): void {
  const spec = objectIn(statefulSet, "spec");
  whenAbsent(spec, "replicas", 1);
  whenAbsent(spec, "serviceName", "");
  whenEmpty(spec, "podManagementPolicy", "OrderedReady");
  const strategy = objectIn(spec, "updateStrategy");
  whenEmpty(strategy, "type", "RollingUpdate");
  if (strategy["type"] === "RollingUpdate") whenAbsent(objectIn(strategy, "rollingUpdate"), "partition", 0);
  const retention = objectIn(spec, "persistentVolumeClaimRetentionPolicy");
  whenEmpty(retention, "whenDeleted", "Retain");
  whenEmpty(retention, "whenScaled", "Retain");
  whenAbsent(spec, "revisionHistoryLimit", 10);
  for (const claim of Array.isArray(spec["volumeClaimTemplates"]) ? spec["volumeClaimTemplates"] : []) {
    if (!isJsonObject(claim)) continue;
    whenEmpty(claim, "kind", "PersistentVolumeClaim");
    whenEmpty(claim, "apiVersion", "v1");
  }
}
