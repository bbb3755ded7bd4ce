import type { Pod } from "../../../object.ts";
import { ageOf } from "../../columns/human-duration.ts";
import { summarizePod } from "./pod-summary.ts";
import { ageColumn, column, nameColumn, wideColumn, type TableColumns } from "../../columns/columns.ts";

/** What `kubectl get pods` shows. */
export const podColumns: TableColumns = {
  columns: [
    nameColumn,
    column("Ready", "The aggregate readiness state of this pod for accepting traffic."),
    column("Status", "The aggregate status of the containers in this pod."),
    column(
      "Restarts",
      "The number of times the containers in this pod have been restarted and when the last container in this pod has restarted.",
    ),
    ageColumn,
    wideColumn("IP", "podIP address allocated to the pod. Routable at least within the cluster."),
    wideColumn("Node", "NodeName indicates in which node this pod is scheduled."),
    wideColumn(
      "Nominated Node",
      "nominatedNodeName is set only when this pod preempts other pods on the node.",
    ),
    wideColumn("Readiness Gates", "If specified, all readiness gates will be evaluated for pod readiness."),
  ],
  cells(object, nowMs) {
    const pod = object as Pod;
    const { spec, status, metadata } = pod;
    const summary = summarizePod(pod, nowMs);
    return [
      metadata.name,
      `${summary.ready}/${summary.total}`,
      summary.reason,
      summary.restarts,
      ageOf(metadata.creationTimestamp, nowMs),
      status?.podIPs?.[0]?.ip ?? status?.podIP ?? "<none>",
      spec.nodeName ?? "<none>",
      status?.nominatedNodeName ?? "<none>",
      readinessGates(pod),
    ];
  },
  conditions(object) {
    const phase = (object as Pod).status?.phase;
    const message = { Succeeded: "The pod has completed successfully.", Failed: "The pod failed." }[
      phase ?? ""
    ];
    return message === undefined
      ? undefined
      : [{ type: "Completed", status: "True", reason: phase, message }];
  },
};

function readinessGates({ spec, status }: Pod): string {
  const gates = spec.readinessGates ?? [];
  if (gates.length === 0) return "<none>";
  const isTrue = (type: string) =>
    status?.conditions?.find((condition) => condition.type === type)?.status === "True";
  return `${gates.filter(({ conditionType }) => isTrue(conditionType)).length}/${gates.length}`;
}
