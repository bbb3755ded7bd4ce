import type { KubeObject } from "@seaworthy/kube";
import { humanDuration } from "./age.ts";
import { columns, type Column } from "./columns.ts";

/** What goes into a row beside its cells, as the query parameter `includeObject` says. */
export type IncludeObject = "None" | "Metadata" | "Object";

/** A meta.k8s.io/v1 Table: what `kubectl get` prints. */
export interface Table {
  readonly kind: "Table";
  readonly apiVersion: "meta.k8s.io/v1";
  readonly metadata: Readonly<Record<string, unknown>>;
  readonly columnDefinitions: readonly Readonly<Record<string, unknown>>[];
  readonly rows: readonly { readonly cells: readonly (string | number)[]; readonly object?: unknown }[];
}

/** Makes the Table of some objects of one resource. `metadata` is the list's own; `nowMs` gives the ages. */
export function toTable(
  plural: string,
  objects: readonly KubeObject[],
  options: {
    readonly metadata: Readonly<Record<string, unknown>>;
    readonly nowMs: number;
    readonly includeObject: IncludeObject;
    readonly withColumns: boolean;
  },
): Table {
  const shown = columns[plural] ?? columns["namespaces"]!.filter(({ name }) => name !== "Status");
  const ageOf = (time: string | undefined): string =>
    time === undefined ? "<unknown>" : humanDuration(options.nowMs - Date.parse(time));
  return {
    kind: "Table",
    apiVersion: "meta.k8s.io/v1",
    metadata: options.metadata,
    columnDefinitions: options.withColumns ? shown.map(definition) : [],
    rows: objects.map((object) => ({
      cells: shown.map((column) => column.cell(object, ageOf)),
      ...included(object, options.includeObject),
    })),
  };
}

function definition({ name, type, wide }: Column): Record<string, unknown> {
  const format = name === "Name" ? "name" : "";
  return { name, type: type ?? "string", format, description: "", priority: wide === true ? 1 : 0 };
}

function included(object: KubeObject, include: IncludeObject): { object?: unknown } {
  if (include === "None") return {};
  if (include === "Object") return { object };
  return {
    object: { kind: "PartialObjectMetadata", apiVersion: "meta.k8s.io/v1", metadata: object.metadata },
  };
}
