import type { Ingress } from "../../../object.ts";
import { loadBalancerAddresses } from "../load-balancer-addresses.ts";
import { ageColumn, column, nameColumn, type TableColumns } from "../../columns/columns.ts";
import { ageOf } from "../../columns/human-duration.ts";

/** What `kubectl get ingresses` shows. */
export const ingressColumns: TableColumns = {
  columns: [
    nameColumn,
    column("Class", "The name of the IngressClass resource that should be used for additional configuration"),
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
      loadBalancerAddresses(status?.loadBalancer?.ingress ?? []),
      (spec.tls ?? []).length > 0 ? "80, 443" : "80",
      ageOf(metadata.creationTimestamp, nowMs),
    ];
  },
};

const most = 3;

function hosts(rules: readonly { host?: string }[]): string {
  const named = rules.flatMap(({ host }) => (host === undefined || host === "" ? [] : [host]));
  if (named.length === 0) return "*";
  const shown = named.slice(0, most).join(",");
  return rules.length > most && named.length >= most ? `${shown} + ${rules.length - most} more...` : shown;
}
