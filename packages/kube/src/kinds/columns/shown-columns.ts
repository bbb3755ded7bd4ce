import type { KubeObject } from "../../object.ts";
import type { Cell, Column, TableColumns } from "./columns.ts";
import { ageOf } from "./human-duration.ts";

/** A column and what it shows of an object. */
export interface ShownColumn {
  readonly column: Column;
  cell(object: KubeObject, nowMs: number): Cell;
}

/** Makes a table of columns that each know their cell. */
export function shownColumns(...shown: readonly ShownColumn[]): TableColumns {
  return {
    columns: shown.map(({ column }) => column),
    cells: (object, nowMs) => shown.map(({ cell }) => cell(object, nowMs)),
  };
}

/** A column that is always shown. */
export function shows(
  name: string,
  cell: ShownColumn["cell"],
  {
    type = "string",
    format = "",
    wide = false,
  }: { readonly type?: Column["type"]; readonly format?: string; readonly wide?: boolean } = {},
): ShownColumn {
  return { column: { name, type, format, description: "", priority: wide ? 1 : 0 }, cell };
}

/** The name; `mark` is added to it, as ` (default)` is. */
export function showsName(mark: (object: KubeObject) => string = () => ""): ShownColumn {
  return shows("Name", (object) => object.metadata.name + mark(object), { format: "name" });
}

/** The age. */
export const showsAge: ShownColumn = shows("Age", ({ metadata }, nowMs) =>
  ageOf(metadata.creationTimestamp, nowMs),
);

/** The time of the creation, which a few kinds show instead of the age. */
export const showsCreation: ShownColumn = shows(
  "Created At",
  ({ metadata }) => metadata.creationTimestamp ?? "<unknown>",
  {
    type: "date",
  },
);
