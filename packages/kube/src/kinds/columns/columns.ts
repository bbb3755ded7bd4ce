import type { KubeObject } from "../../object.ts";
import { ageOf } from "./human-duration.ts";

/** A column of `kubectl get`. Priority 1 shows with `-o wide` only. */
export interface Column {
  readonly name: string;
  readonly type: "string" | "integer" | "boolean" | "date" | "number";
  readonly format: string;
  readonly description: string;
  readonly priority: number;
}

/** What a column shows of an object. */
export type Cell = string | number | boolean | null;

/** How a kind is shown as a table. Cells stand in the order of the columns, the wide ones included. */
export interface TableColumns {
  readonly columns: readonly Column[];
  cells(object: KubeObject, nowMs: number): readonly Cell[];
  /** What kubectl may hide, as it does with completed pods. */
  conditions?(object: KubeObject): readonly unknown[] | undefined;
}

/** A column that is always shown. */
export function column(name: string, description: string, type: Column["type"] = "string"): Column {
  return { name, type, format: name === "Name" ? "name" : "", description, priority: 0 };
}

/** A column that shows with `-o wide`. */
export function wideColumn(name: string, description: string, type: Column["type"] = "string"): Column {
  return { ...column(name, description, type), priority: 1 };
}

/** The column of the name. */
export const nameColumn = column(
  "Name",
  "Name must be unique within a namespace. Is required when creating resources, although some resources may allow a client to request the generation of an appropriate name automatically.",
);

/** The column of the age. */
export const ageColumn = column(
  "Age",
  "CreationTimestamp is a timestamp representing the server time when this object was created.",
);

/** What is shown of a kind that has no columns of its own. */
export const nameAndAge: TableColumns = {
  columns: [nameColumn, ageColumn],
  cells: ({ metadata }, nowMs) => [metadata.name, ageOf(metadata.creationTimestamp, nowMs)],
};
