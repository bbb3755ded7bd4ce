import type { BackendReference, Gateway, GatewayRoute, ParentReference } from "@seaworthy/kube";
import type { FrontRule } from "./front-rule.ts";

/** What a rule of the Gateway API says whatever it matches: where it leads, and from which host. One for each host. */
export function gatewayFronts(
  { metadata, spec }: GatewayRoute,
  backendRefs: readonly BackendReference[],
  gateways: readonly Gateway[],
): Pick<FrontRule, "namespace" | "host" | "hasTls" | "service" | "besides">[] {
  const { namespace = "default" } = metadata;
  const parents = (spec.parentRefs ?? []).flatMap((each) => listenersOf(each, namespace, gateways));
  const hosts: readonly (string | undefined)[] = spec.hostnames ?? [
    ...new Set(parents.map(({ hostname }) => hostname)),
  ];
  const backend = heaviest(backendRefs);
  return (hosts.length === 0 ? [undefined] : hosts).map((host) => ({
    namespace: backend?.namespace ?? namespace,
    host,
    hasTls: parents.some(({ protocol, hostname }) => protocol === "HTTPS" && covers(hostname, host)),
    service: serviceOf(backend),
    besides: backendRefs
      .filter((each) => each !== backend && (each.weight ?? 1) > 0)
      .map((each) => each.name),
  }));
}

function heaviest(references: readonly BackendReference[]): BackendReference | undefined {
  const weightOf = ({ weight = 1 }: BackendReference) => weight;
  const [best] = references.toSorted((left, right) => weightOf(right) - weightOf(left));
  return best !== undefined && weightOf(best) > 0 ? best : undefined;
}

function serviceOf(backend: BackendReference | undefined): FrontRule["service"] {
  if (backend === undefined || (backend.group ?? "") !== "" || (backend.kind ?? "Service") !== "Service")
    return undefined;
  return { name: backend.name, port: { number: backend.port } };
}

/** The listeners that a parent means, as far as its Gateway is known. */
function listenersOf(
  { name, namespace, sectionName, port }: ParentReference,
  own: string,
  gateways: readonly Gateway[],
) {
  const gateway = gateways.find(
    ({ metadata }) => metadata.name === name && (metadata.namespace ?? "default") === (namespace ?? own),
  );
  return (gateway?.spec.listeners ?? []).filter(
    (each) => (sectionName ?? each.name) === each.name && (port ?? each.port) === each.port,
  );
}

function covers(listenerHost: string | undefined, host: string | undefined): boolean {
  if (listenerHost === undefined || listenerHost === host) return true;
  return listenerHost.startsWith("*.") && (host ?? "").endsWith(listenerHost.slice(1));
}
