import type { KubeObject } from "@seaworthy/kube";
import type { TablePrinter } from "../../../../kube/src/kinds/columns/columns.ts";

/** A `meta.k8s.io/v1` Table of objects; `shown` is what a row says of its object. */
export function printTable(
  printer: TablePrinter,
  rows: readonly { readonly stored: KubeObject; readonly shown: KubeObject | undefined }[],
  metadata: Readonly<Record<string, unknown>>,
  withColumns: boolean,
  nowMs: number,
): Record<string, unknown> {
  return {
    kind: "Table",
    apiVersion: "meta.k8s.io/v1",
    metadata,
    columnDefinitions: withColumns ? printer.columns : null,
    rows: rows.map(({ stored, shown }) => {
      const conditions = printer.conditions?.(stored);
      return {
        cells: printer.cells(stored, nowMs),
        ...(conditions === undefined ? {} : { conditions }),
        object: shown ?? null,
      };
    }),
  };
}
