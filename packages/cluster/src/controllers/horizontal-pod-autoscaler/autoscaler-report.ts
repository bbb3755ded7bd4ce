import type { KubeClient } from "@seaworthy/client";
import { deepEqual, resourceTypes, withCondition, type Condition } from "@seaworthy/kube";
import type { EventRecorder } from "../../event-recorder.ts";
import type { AutoscalerStatus, HorizontalPodAutoscaler } from "./horizontal-pod-autoscaler.ts";

/** What the controller tells of one look at an autoscaler. */
export interface AutoscalerReport {
  set(type: string, status: "True" | "False", reason: string, message: string): void;
  warn(reason: string, message: string): void;
  tell(reason: string, message: string): void;
  /** Writes the status with the conditions, unless nothing has changed. */
  write(change: Partial<AutoscalerStatus>): Promise<void>;
}

/** Begins a report that goes on from what the autoscaler's status says. */
export function beginReport(
  client: KubeClient,
  events: EventRecorder,
  autoscaler: HorizontalPodAutoscaler,
  nowMs: number,
): AutoscalerReport {
  let conditions = autoscaler.status?.conditions ?? [];
  const warn = (reason: string, message: string) => {
    events.event(autoscaler, "Warning", reason, message);
  };
  return {
    set(type, status, reason, message) {
      conditions = withCondition<Condition>(conditions, { type, status, reason, message }, nowMs);
    },
    warn,
    tell: (reason, message) => events.event(autoscaler, "Normal", reason, message),
    async write(change) {
      const { currentReplicas, ...rest } = { ...autoscaler.status, ...change };
      const status = {
        desiredReplicas: 0,
        ...rest,
        // As in Go, a zero that may be left out is.
        ...(currentReplicas === undefined || currentReplicas === 0 ? {} : { currentReplicas }),
        conditions,
      };
      if (deepEqual(status, autoscaler.status ?? {})) return;
      const written = { ...autoscaler, status };
      await client
        .update<HorizontalPodAutoscaler>(resourceTypes.horizontalpodautoscalers, written, "status")
        .catch((error: unknown) => warn("FailedUpdateStatus", (error as Error).message));
    },
  };
}
