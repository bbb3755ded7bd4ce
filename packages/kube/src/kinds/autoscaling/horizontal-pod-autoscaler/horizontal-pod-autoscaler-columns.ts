import { targetsOf } from "./horizontal-pod-autoscaler-targets.ts";
import type { TableColumns } from "../../columns/columns.ts";
import { shownColumns, shows, showsAge, showsName } from "../../columns/shown-columns.ts";
import { textAt, numberAt } from "../../columns/value-at.ts";

/** What `kubectl get horizontalpodautoscalers` shows. */
export const horizontalPodAutoscalerColumns: TableColumns = shownColumns(
  showsName(),
  shows(
    "Reference",
    (object) => `${textAt(object, "spec.scaleTargetRef.kind")}/${textAt(object, "spec.scaleTargetRef.name")}`,
  ),
  shows("Targets", targetsOf),
  shows("MinPods", (object) => textAt(object, "spec.minReplicas", "<unset>")),
  shows("MaxPods", (object) => numberAt(object, "spec.maxReplicas")),
  shows("Replicas", (object) => numberAt(object, "status.currentReplicas")),
  showsAge,
);
