import { clusterPrinters } from "./cluster-printers.ts";
import { dataPrinters } from "./data-printers.ts";
import { ageOf } from "./human-duration.ts";
import { networkPrinters } from "./network-printers.ts";
import { podPrinter } from "./pod-printer.ts";
import { ageColumn, nameColumn, type TablePrinter } from "./table-printer.ts";
import { workloadPrinters } from "./workload-printers.ts";

/**
 * How `kubectl get` shows a type, by its plural; name and age for a type without columns of its own.
 * https://github.com/kubernetes/kubernetes/blob/master/pkg/printers/internalversion/printers.go
 */
export function findPrinter(plural: string): TablePrinter {
  return printers[plural] ?? plain;
}

const printers: Readonly<Record<string, TablePrinter>> = {
  pods: podPrinter,
  ...workloadPrinters,
  ...networkPrinters,
  ...dataPrinters,
  ...clusterPrinters,
};

const plain: TablePrinter = {
  columns: [nameColumn, ageColumn],
  cells: ({ metadata }, nowMs) => [metadata.name, ageOf(metadata.creationTimestamp, nowMs)],
};
