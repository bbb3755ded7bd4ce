import { formatLabelSelector, type Deployment, type PodTemplateSpec, type ReplicaSet } from "@seaworthy/kube";
import { ageOf } from "./human-duration.ts";
import { ageColumn, column, nameColumn, wideColumn, type TablePrinter } from "./table-printer.ts";

const wide = [
  wideColumn("Containers", "Names of each container in the template."),
  wideColumn("Images", "Images referenced by each container in the template."),
  wideColumn("Selector", "selector is a label query over pods that should match the replica count."),
];

/** Deployments and ReplicaSets. */
export const workloadPrinters: Readonly<Record<string, TablePrinter>> = {
  deployments: {
    columns: [
      nameColumn,
      column("Ready", "Number of the pod with ready state"),
      column(
        "Up-to-date",
        "Total number of non-terminating pods targeted by this deployment that have the desired template spec.",
      ),
      column(
        "Available",
        "Total number of available non-terminating pods (ready for at least minReadySeconds) targeted by this deployment.",
      ),
      ageColumn,
      ...wide,
    ],
    cells(object, nowMs) {
      const { metadata, spec, status } = object as Deployment;
      return [
        metadata.name,
        `${status?.readyReplicas ?? 0}/${spec.replicas ?? 0}`,
        status?.updatedReplicas ?? 0,
        status?.availableReplicas ?? 0,
        ageOf(metadata.creationTimestamp, nowMs),
        ...containerCells(spec.template),
        formatLabelSelector(spec.selector),
      ];
    },
  },
  replicasets: {
    columns: [
      nameColumn,
      column("Desired", "Replicas is the number of desired pods.", "integer"),
      column("Current", "Replicas is the most recently observed number of non-terminating pods.", "integer"),
      column(
        "Ready",
        "The number of non-terminating pods targeted by this ReplicaSet with a Ready Condition.",
        "integer",
      ),
      ageColumn,
      ...wide,
    ],
    cells(object, nowMs) {
      const { metadata, spec, status } = object as ReplicaSet;
      return [
        metadata.name,
        spec.replicas ?? 0,
        status?.replicas ?? 0,
        status?.readyReplicas ?? 0,
        ageOf(metadata.creationTimestamp, nowMs),
        ...containerCells(spec.template),
        formatLabelSelector(spec.selector),
      ];
    },
  },
};

function containerCells(template: PodTemplateSpec | undefined): [string, string] {
  const containers = template?.spec.containers ?? [];
  return [containers.map(({ name }) => name).join(","), containers.map(({ image }) => image ?? "").join(",")];
}
