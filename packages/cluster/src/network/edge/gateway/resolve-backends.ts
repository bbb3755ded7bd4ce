import { gatewayGroup, type BackendReference, type GatewayRoute } from "@seaworthy/kube";
import type { ServiceBackend, WeightedBackend } from "../edge-route.ts";
import { isGranted, type GatewaySet } from "./gateway-set.ts";

/** Why a backend cannot be used, in the API's words. */
export type BackendProblem = "InvalidKind" | "RefNotPermitted" | "BackendNotFound" | "UnsupportedValue";

/** A backend that can be used, or why not. */
export type ResolvedBackend =
  | { readonly backend: ServiceBackend }
  | { readonly problem: BackendProblem; readonly message: string };

/** What requests get that a backend should have which cannot be used (HTTPRouteRule, backendRefs). */
export const brokenBackend = { status: 500, body: "" } as const;

/** Looks a backend up: its kind, the leave of its namespace, the Service, the port. */
export function resolveBackend(
  reference: BackendReference,
  route: GatewayRoute,
  set: GatewaySet,
): ResolvedBackend {
  const { group = "", kind = "Service", name, port, weight = 1 } = reference;
  const { namespace: own = "default" } = route.metadata;
  const { namespace = own } = reference;
  const what = `${kind} ${namespace}/${name}`;
  if (group !== "" || kind !== "Service")
    return { problem: "InvalidKind", message: `${what} is not a Service` };
  const from = { group: gatewayGroup, kind: route.kind, namespace: own };
  if (!isGranted(set, from, { group, kind, namespace, name }))
    return { problem: "RefNotPermitted", message: `no ReferenceGrant in ${namespace} permits ${what}` };
  const service = set.service(namespace, name);
  if (service === undefined) return { problem: "BackendNotFound", message: `${what} is not there` };
  if (port === undefined || !(service.spec.ports ?? []).some((each) => each.port === port))
    return { problem: "UnsupportedValue", message: `${what} has no port ${port ?? ""}`.trimEnd() };
  return { backend: { namespace, service: name, port, weight } };
}

/** The backends of a rule; one that cannot be used keeps its share, and answers it with an error. */
export function backendsOf(
  references: readonly BackendReference[],
  route: GatewayRoute,
  set: GatewaySet,
  change: (reference: BackendReference) => Pick<ServiceBackend, "requestHeaders" | "responseHeaders">,
): WeightedBackend[] {
  return references.map((reference) => {
    const found = resolveBackend(reference, route, set);
    return "backend" in found
      ? { ...found.backend, ...change(reference) }
      : { weight: reference.weight ?? 1, answer: brokenBackend };
  });
}
