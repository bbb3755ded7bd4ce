import type { EndpointSlice, Endpoints, Ingress, IngressClass, Service } from "@seaworthy/kube";
import { ageOf } from "./human-duration.ts";
import { ageColumn, column, nameColumn, wideColumn, type TablePrinter } from "./table-printer.ts";

const most = 3;

/** Services, their endpoints, and Ingresses. */
export const networkPrinters: Readonly<Record<string, TablePrinter>> = {
  services: {
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
  },
  endpoints: {
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
      return [metadata.name, withMore(all, "<none>"), ageOf(metadata.creationTimestamp, nowMs)];
    },
  },
  endpointslices: {
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
        withMore(
          (ports ?? []).map(({ port, name }) => String(port ?? name ?? "*")),
          "<unset>",
        ),
        withMore(
          (endpoints ?? []).flatMap(({ addresses }) => addresses),
          "<unset>",
        ),
        ageOf(metadata.creationTimestamp, nowMs),
      ];
    },
  },
  ingresses: {
    columns: [
      nameColumn,
      column(
        "Class",
        "The name of the IngressClass resource that should be used for additional configuration",
      ),
      column("Hosts", "Hosts that incoming requests are matched against before the ingress rule"),
      column("Address", "Address is a list containing ingress points for the load-balancer"),
      column("Ports", "Ports of TLS configurations that open"),
      ageColumn,
    ],
    cells(object, nowMs) {
      const { metadata, spec, status } = object as Ingress;
      return [
        metadata.name,
        spec.ingressClassName ?? "<none>",
        hosts(spec.rules ?? []),
        loadBalancer(status?.loadBalancer?.ingress ?? []),
        (spec.tls ?? []).length > 0 ? "80, 443" : "80",
        ageOf(metadata.creationTimestamp, nowMs),
      ];
    },
  },
  ingressclasses: {
    columns: [
      nameColumn,
      column("Controller", "Controller that is responsible for handling this class"),
      column("Parameters", "A reference to a resource with additional parameters"),
      ageColumn,
    ],
    cells(object, nowMs) {
      const { metadata, spec } = object as IngressClass;
      const isDefault = metadata.annotations?.["ingressclass.kubernetes.io/is-default-class"] === "true";
      const { kind, apiGroup, name } = spec?.parameters ?? { kind: "", name: "" };
      const parameters =
        kind === "" ? "<none>" : `${kind}${apiGroup === undefined ? "" : `.${apiGroup}`}/${name}`;
      const age = ageOf(metadata.creationTimestamp, nowMs);
      return [`${metadata.name}${isDefault ? " (default)" : ""}`, spec?.controller ?? "", parameters, age];
    },
  },
};

function externalIp({ spec, status }: Service): string {
  if (spec.type === "ExternalName") return spec.externalName ?? "<none>";
  const external = spec.externalIPs ?? [];
  if (spec.type !== "LoadBalancer") return external.join(",") || "<none>";
  const balancer = loadBalancer(status?.loadBalancer?.ingress ?? []);
  return [balancer, ...external].filter((ip) => ip !== "").join(",") || "<pending>";
}

function loadBalancer(ingress: readonly { ip?: string; hostname?: string }[]): string {
  const addresses = new Set(ingress.flatMap(({ ip, hostname }) => ip ?? hostname ?? []));
  return [...addresses].sort().join(",");
}

function hosts(rules: readonly { host?: string }[]): string {
  const named = rules.flatMap(({ host }) => (host === undefined || host === "" ? [] : [host]));
  if (named.length === 0) return "*";
  const shown = named.slice(0, most).join(",");
  return rules.length > most && named.length >= most ? `${shown} + ${rules.length - most} more...` : shown;
}

function withMore(items: readonly string[], nothing: string): string {
  if (items.length === 0) return nothing;
  const shown = items.slice(0, most).join(",");
  return items.length > most ? `${shown} + ${items.length - most} more...` : shown;
}
