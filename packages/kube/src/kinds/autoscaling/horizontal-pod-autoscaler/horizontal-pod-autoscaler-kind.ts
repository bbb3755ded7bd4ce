import { convertHorizontalPodAutoscaler } from "./convert-horizontal-pod-autoscaler.ts";
import { horizontalPodAutoscalerColumns } from "./horizontal-pod-autoscaler-columns.ts";
import { defaultHorizontalPodAutoscaler } from "./horizontal-pod-autoscaler-defaults.ts";
import { kind, type Kind } from "../../kind.ts";

/** HorizontalPodAutoscalers. */
export const horizontalPodAutoscalerKind: Kind = kind(
  "autoscaling",
  "v2 v1",
  "HorizontalPodAutoscaler",
  "horizontalpodautoscalers",
  "namespaced",
  {
    shortNames: ["hpa"],
    categories: ["all"],
    convert: convertHorizontalPodAutoscaler,
    loadRules: async () => {
      const { horizontalPodAutoscalerErrors, horizontalPodAutoscalerUpdateErrors } =
        await import("./horizontal-pod-autoscaler-errors.ts");
      return {
        createErrors: horizontalPodAutoscalerErrors,
        updateErrors: horizontalPodAutoscalerUpdateErrors,
      };
    },
    storage: { status: "isolated", newStatus: { desiredReplicas: 0, currentMetrics: null } },
    columns: horizontalPodAutoscalerColumns,
    defaults: defaultHorizontalPodAutoscaler,
  },
);
