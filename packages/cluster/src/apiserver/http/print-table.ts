import type { KubeObject, TableColumns } from "@seaworthy/kube";

/** A `meta.k8s.io/v1` Table of objects; `shown` is what a row says of its object. */
export function printTable(
  table: TableColumns,
  rows: readonly { readonly stored: KubeObject; readonly shown: KubeObject | undefined }[],
  metadata: Readonly<Record<string, unknown>>,
  withColumns: boolean,
  nowMs: number,
): Record<string, unknown> {
  return {
    kind: "Table",
    apiVersion: "meta.k8s.io/v1",
    metadata,
    columnDefinitions: withColumns ? table.columns : null,
    rows: rows.map(({ stored, shown }) => {
      const conditions = table.conditions?.(stored);
      return {
        cells: table.cells(stored, nowMs),
        ...(conditions === undefined ? {} : { conditions }),
        object: shown ?? null,
      };
    }),
  };
}
