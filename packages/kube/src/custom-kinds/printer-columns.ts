import {
  ageColumn,
  nameColumn,
  type Cell,
  type Column,
  type TableColumns,
} from "../kinds/columns/columns.ts";
import { ageOf } from "../kinds/columns/human-duration.ts";
import type { KubeObject } from "../object.ts";
import type { PrinterColumn } from "./custom-resource-definition.ts";
import { jsonPath } from "./json-path.ts";

/**
 * What `kubectl get` shows of a custom kind: the name and the columns of the definition, or the age where it has none
 * (k8s.io/apiextensions-apiserver/pkg/registry/customresource/tableconvertor).
 */
export function printerColumns(columns: readonly PrinterColumn[]): TableColumns {
  const shown = (columns.length === 0 ? [age] : columns).map((column) => ({
    column: columnOf(column),
    find: jsonPath(column.jsonPath),
  }));
  return {
    columns: [name, ...shown.map(({ column }) => column)],
    cells: (object, nowMs) => [
      object.metadata.name,
      ...shown.map(({ column, find }) => cell(column.type, find?.(object as KubeObject)[0], nowMs)),
    ],
  };
}

const age: PrinterColumn = {
  name: "Age",
  type: "date",
  jsonPath: ".metadata.creationTimestamp",
  description: `${ageColumn.description} It is not guaranteed to be set in happens-before order across separate operations. Clients may not set this value. It is represented in RFC3339 form and is in UTC.\n\nPopulated by the system. Read-only. Null for lists. More info: https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#metadata`,
};

const name: Column = {
  ...nameColumn,
  description: `${nameColumn.description} Name is primarily intended for creation idempotence and configuration definition. Cannot be updated. More info: https://kubernetes.io/docs/concepts/overview/working-with-objects/names#names`,
};

function columnOf({
  name,
  type,
  format = "",
  description,
  priority = 0,
  jsonPath: path,
}: PrinterColumn): Column {
  const said = description === undefined || description === "" ? undefined : description;
  return {
    name,
    type: type as Column["type"],
    format,
    description: said ?? `Custom resource definition column (in JSONPath format): ${path}`,
    priority,
  };
}

function cell(type: Column["type"], value: unknown, nowMs: number): Cell {
  if (value === undefined || value === null) return null;
  switch (type) {
    case "string":
      return typeof value === "object" ? JSON.stringify(value) : String(value as Cell);
    case "integer":
      return typeof value === "number" ? Math.trunc(value) : null;
    case "number":
      return typeof value === "number" ? value : null;
    case "boolean":
      return typeof value === "boolean" ? value : null;
    case "date":
      if (typeof value !== "string") return null;
      return Number.isNaN(Date.parse(value)) ? "<invalid>" : ageOf(value, nowMs);
  }
}
