import {
  gatewayGroup,
  withCondition,
  type Condition,
  type Gateway,
  type GatewayListener,
  type GatewayRoute,
  type GatewayStatus,
  type KubeObject,
  type RouteFilter,
  type RouteParentStatus,
} from "@seaworthy/kube";
import { attachRoute, kindsOf, schemeOf, type Attachment } from "./attach-route.ts";
import { isGranted, type GatewaySet } from "./gateway-set.ts";
import { resolveBackend } from "./resolve-backends.ts";

/** Who controls Gateways whose class nobody made. */
export const ownController = "seaworthy.dev/edge";

type NewCondition = Omit<Condition, "lastTransitionTime" | "observedGeneration">;

/** The status of a Gateway: where it is reached, and what each listener serves (apis/v1/gateway_types.go). */
export function gatewayStatus(
  gateway: Gateway,
  set: GatewaySet,
  address: string,
  nowMs: number,
): GatewayStatus {
  const before = gateway.status;
  const routes = [...set.httpRoutes, ...set.grpcRoutes];
  const attached = routes.flatMap((route) => attachmentsTo(gateway, route, set));
  const served = gateway.spec.listeners.map((listener) => listenerConditions(listener, gateway, set));
  const isFine = served.every((each) =>
    each.every(({ type, status }) => type === "Conflicted" || status === "True"),
  );
  const own: NewCondition[] = [
    condition("Accepted", true, isFine ? "Accepted" : "ListenersNotValid"),
    condition("Programmed", true, "Programmed"),
  ];
  return {
    addresses: [{ type: "IPAddress", value: address }],
    conditions: conditionsFrom(before?.conditions, own, gateway, nowMs),
    listeners: gateway.spec.listeners.map((listener, index) => ({
      name: listener.name,
      supportedKinds: kindsOf(listener).map((kind) => ({ group: gatewayGroup, kind })),
      attachedRoutes: attached.filter(({ listeners }) => listeners.some(({ name }) => name === listener.name))
        .length,
      conditions: conditionsFrom(
        before?.listeners?.find(({ name }) => name === listener.name)?.conditions,
        served[index] ?? [],
        gateway,
        nowMs,
      ),
    })),
  };
}

/** What each Gateway made of a route; of one that is not there nobody says anything. */
export function routeParents(route: GatewayRoute, set: GatewaySet, nowMs: number): RouteParentStatus[] {
  return attachRoute(route, set).flatMap(({ parentRef, gateway, reason }) => {
    if (gateway === undefined) return [];
    const before = route.status?.parents.find(
      (each) => JSON.stringify(each.parentRef) === JSON.stringify(parentRef),
    );
    const own = [condition("Accepted", reason === "Accepted", reason), resolvedRefs(route, set)];
    return [
      {
        parentRef,
        controllerName: controllerOf(gateway, set),
        conditions: conditionsFrom(before?.conditions, own, route, nowMs),
      },
    ];
  });
}

/** The conditions of a class that is served. */
export function classConditions(
  object: KubeObject & { status?: { conditions?: Condition[] } },
  nowMs: number,
) {
  return conditionsFrom(object.status?.conditions, [condition("Accepted", true, "Accepted")], object, nowMs);
}

/** The Secrets that a listener shows its certificates from. */
export function certificatesOf(listener: GatewayListener, gateway: Gateway) {
  const { namespace: own = "default" } = gateway.metadata;
  return (listener.tls?.certificateRefs ?? []).map(
    ({ group = "", kind = "Secret", name, namespace = own }) => ({
      group,
      kind,
      name,
      namespace,
    }),
  );
}

/** Whether a Gateway may show what another namespace holds. */
export function isPermitted(
  { kind, metadata: { namespace = "default" } }: Gateway,
  to: ReturnType<typeof certificatesOf>[number],
  set: GatewaySet,
): boolean {
  return isGranted(set, { group: gatewayGroup, kind, namespace }, to);
}

function attachmentsTo(gateway: Gateway, route: GatewayRoute, set: GatewaySet): Attachment[] {
  return attachRoute(route, set).filter((each) => each.gateway === gateway);
}

function controllerOf({ spec }: Gateway, { classes }: GatewaySet): string {
  return (
    classes.find(({ metadata }) => metadata.name === spec.gatewayClassName)?.spec.controllerName ??
    ownController
  );
}

function listenerConditions(listener: GatewayListener, gateway: Gateway, set: GatewaySet): NewCondition[] {
  const isServed = schemeOf(listener) !== undefined;
  const problem = certificateProblem(listener, gateway, set);
  const isResolved = problem === undefined && kindsOf(listener).length > 0;
  const refs = isResolved ? "ResolvedRefs" : (problem ?? "InvalidRouteKinds");
  return [
    condition("Accepted", isServed, isServed ? "Accepted" : "UnsupportedProtocol"),
    condition("Programmed", isServed, isServed ? "Programmed" : "Invalid"),
    condition("Conflicted", false, "NoConflicts"),
    condition("ResolvedRefs", isResolved, refs),
  ];
}

function certificateProblem(
  listener: GatewayListener,
  gateway: Gateway,
  set: GatewaySet,
): string | undefined {
  if (schemeOf(listener) !== "https") return undefined;
  for (const to of certificatesOf(listener, gateway)) {
    if (!isPermitted(gateway, to, set)) return "RefNotPermitted";
    if (to.group !== "" || to.kind !== "Secret" || set.secret(to.namespace, to.name) === undefined)
      return "InvalidCertificateRef";
  }
  return undefined;
}

function resolvedRefs(route: GatewayRoute, set: GatewaySet): NewCondition {
  const references = (route.spec.rules ?? []).flatMap(({ backendRefs = [], filters = [] }) => [
    ...backendRefs,
    ...filters.flatMap(({ requestMirror }: RouteFilter) => (requestMirror ? [requestMirror.backendRef] : [])),
  ]);
  const found = references.map((each) => resolveBackend(each, route, set)).find((each) => "problem" in each);
  if (found === undefined) return condition("ResolvedRefs", true, "ResolvedRefs");
  return { ...condition("ResolvedRefs", false, found.problem), message: found.message };
}

function condition(type: string, isTrue: boolean, reason: string): NewCondition {
  return { type, status: isTrue ? "True" : "False", reason, message: "" };
}

function conditionsFrom(
  before: readonly Condition[] | undefined,
  own: readonly NewCondition[],
  { metadata }: KubeObject,
  nowMs: number,
): Condition[] {
  const { generation } = metadata;
  const observed = generation === undefined ? {} : { observedGeneration: generation };
  return own.reduce<Condition[]>(
    (conditions, each) => withCondition(conditions, { ...each, ...observed }, nowMs),
    [...(before ?? [])],
  );
}
