import type { Endpoints } from "../../../object.ts";
import { listWithMore } from "../../columns/list-with-more.ts";
import { ageColumn, column, nameColumn, type TableColumns } from "../../columns/columns.ts";
import { ageOf } from "../../columns/human-duration.ts";

/** What `kubectl get endpoints` shows. */
export const endpointsColumns: TableColumns = {
  columns: [
    nameColumn,
    column("Endpoints", "The set of all endpoints is the union of all subsets."),
    ageColumn,
  ],
  cells(object, nowMs) {
    const { metadata, subsets } = object as Endpoints;
    const all = (subsets ?? []).flatMap(({ addresses, ports }) => {
      const ips = (addresses ?? []).map(({ ip }) => ip);
      return (ports ?? []).length === 0
        ? ips
        : (ports ?? []).flatMap(({ port }) => ips.map((ip) => `${ip}:${port}`));
    });
    return [metadata.name, listWithMore(all, "<none>"), ageOf(metadata.creationTimestamp, nowMs)];
  },
};
