import type { LabelSelector, PodTemplateSpec } from "../../object.ts";
import { formatLabelSelector } from "../../selectors/format-label-selector.ts";
import { wideColumn } from "../columns/columns.ts";
import { shows, type ShownColumn } from "../columns/shown-columns.ts";
import { valueAt } from "../columns/value-at.ts";

/** The columns that every owner of pods has with `-o wide`. */
export const templateColumns = [
  wideColumn("Containers", "Names of each container in the template."),
  wideColumn("Images", "Images referenced by each container in the template."),
  wideColumn("Selector", "selector is a label query over pods that should match the replica count."),
];

/** The cells of containers and images. */
export function containerCells(template: PodTemplateSpec | undefined): [string, string] {
  const containers = template?.spec.containers ?? [];
  return [containers.map(({ name }) => name).join(","), containers.map(({ image }) => image ?? "").join(",")];
}

/** The names and images of the containers of the template at `path`. */
export function showsContainers(path: string): readonly ShownColumn[] {
  const cells = (object: unknown) => containerCells(valueAt(object, path) as PodTemplateSpec | undefined);
  return [
    shows("Containers", (object) => cells(object)[0], { wide: true }),
    shows("Images", (object) => cells(object)[1], { wide: true }),
  ];
}

/** The label selector at `path`. */
export function showsSelector(path: string): ShownColumn {
  return shows(
    "Selector",
    (object) => formatLabelSelector((valueAt(object, path) as LabelSelector | undefined) ?? {}),
    { wide: true },
  );
}
