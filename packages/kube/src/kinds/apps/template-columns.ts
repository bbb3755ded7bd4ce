import type { PodTemplateSpec } from "../../object.ts";
import { wideColumn } from "../columns/columns.ts";

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
