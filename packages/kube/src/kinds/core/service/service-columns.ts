import type { Service } from "../../../object.ts";
import { loadBalancerAddresses } from "../../networking/load-balancer-addresses.ts";
import { ageColumn, column, nameColumn, wideColumn, type TableColumns } from "../../columns/columns.ts";
import { ageOf } from "../../columns/human-duration.ts";

/** What `kubectl get services` shows. */
export const serviceColumns: TableColumns = {
  columns: [
    nameColumn,
    column("Type", "type determines how the Service is exposed."),
    column("Cluster-IP", "clusterIP is the IP address of the service and is usually assigned randomly."),
    column(
      "External-IP",
      "externalIPs is a list of IP addresses for which nodes in the cluster will also accept traffic for this service.",
    ),
    column("Port(s)", "The list of ports that are exposed by this service."),
    ageColumn,
    wideColumn(
      "Selector",
      "Route service traffic to pods with label keys and values matching this selector.",
    ),
  ],
  cells(object, nowMs) {
    const service = object as Service;
    const { metadata, spec } = service;
    const ports = (spec.ports ?? []).map(
      ({ port, nodePort, protocol }) =>
        `${port}${nodePort === undefined ? "" : `:${nodePort}`}/${protocol ?? "TCP"}`,
    );
    const selector = Object.entries(spec.selector ?? {}).map(([key, value]) => `${key}=${value}`);
    return [
      metadata.name,
      spec.type ?? "ClusterIP",
      spec.clusterIP ?? "<none>",
      externalIp(service),
      ports.join(",") || "<none>",
      ageOf(metadata.creationTimestamp, nowMs),
      selector.sort().join(",") || "<none>",
    ];
  },
};

function externalIp({ spec, status }: Service): string {
  if (spec.type === "ExternalName") return spec.externalName ?? "<none>";
  const external = spec.externalIPs ?? [];
  if (spec.type !== "LoadBalancer") return external.join(",") || "<none>";
  const balancer = loadBalancerAddresses(status?.loadBalancer?.ingress ?? []);
  return [balancer, ...external].filter((ip) => ip !== "").join(",") || "<pending>";
}
