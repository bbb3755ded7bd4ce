import { objectIn, whenAbsent } from "../../../defaults/fill-in.ts";
import { isJsonObject, type JsonObject } from "../../../patch/json-value.ts";

/** SetDefaults_HorizontalPodAutoscaler. What v1 leaves open is filled in when it becomes a v2. */
export function defaultHorizontalPodAutoscaler(autoscaler: JsonObject): void {
  const spec = objectIn(autoscaler, "spec");
  whenAbsent(spec, "minReplicas", 1);
  if (autoscaler["apiVersion"] === "autoscaling/v1") return;
  if (!Array.isArray(spec["metrics"]) || spec["metrics"].length === 0) {
    const target = { type: "Utilization", averageUtilization: 80 };
    spec["metrics"] = [{ type: "Resource", resource: { name: "cpu", target } }];
  }
  if (isJsonObject(spec["behavior"])) {
    const behavior = spec["behavior"];
    fillRules(objectIn(behavior, "scaleUp"), 0, [
      { type: "Pods", value: 4, periodSeconds: 15 },
      { type: "Percent", value: 100, periodSeconds: 15 },
    ]);
    fillRules(objectIn(behavior, "scaleDown"), undefined, [
      { type: "Percent", value: 100, periodSeconds: 15 },
    ]);
  }
}

function fillRules(rules: JsonObject, window: number | undefined, policies: readonly JsonObject[]): void {
  if (window !== undefined) whenAbsent(rules, "stabilizationWindowSeconds", window);
  whenAbsent(rules, "selectPolicy", "Max");
  whenAbsent(rules, "policies", policies);
}
