import type { EndpointSlice } from "../../../object.ts";
import { listWithMore } from "../../columns/list-with-more.ts";
import { ageColumn, column, nameColumn, type TableColumns } from "../../columns/columns.ts";
import { ageOf } from "../../columns/human-duration.ts";

/** What `kubectl get endpointslices` shows. */
export const endpointSliceColumns: TableColumns = {
  columns: [
    nameColumn,
    column("AddressType", "addressType specifies the type of address carried by this EndpointSlice."),
    column("Ports", "ports specifies the list of network ports exposed by each endpoint in this slice."),
    column("Endpoints", "endpoints is a list of unique endpoints in this slice."),
    ageColumn,
  ],
  cells(object, nowMs) {
    const { metadata, addressType, ports, endpoints } = object as EndpointSlice;
    return [
      metadata.name,
      addressType ?? "",
      listWithMore(
        (ports ?? []).map(({ port, name }) => String(port ?? name ?? "*")),
        "<unset>",
      ),
      listWithMore(
        (endpoints ?? []).flatMap(({ addresses }) => addresses),
        "<unset>",
      ),
      ageOf(metadata.creationTimestamp, nowMs),
    ];
  },
};
