import { formatQuantity, parseQuantity, type TableColumns } from "@seaworthy/kube";
import type { Metrics, Usage } from "./metrics-types.ts";

/** What `kubectl get` shows of metrics. */
export const metricsColumns: TableColumns = {
  columns: [
    tableColumn("Name", "name", "Name of the resource"),
    tableColumn("cpu", "quantity"),
    tableColumn("memory", "quantity"),
    tableColumn("Window", "duration"),
  ],
  cells(object) {
    const { metadata, window, usage, containers = [] } = object as Metrics;
    const usages = usage === undefined ? containers.map((each) => each.usage) : [usage];
    const sum = (name: keyof Usage) => usages.reduce((all, each) => all + parseQuantity(each[name]), 0n);
    return [metadata.name, formatQuantity(sum("cpu")), formatQuantity(sum("memory"), "binary"), window];
  },
};

function tableColumn(name: string, format: string, description = "") {
  return { name, type: "string" as const, format, description, priority: 0 };
}
