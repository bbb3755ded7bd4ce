import {
  gatewayGroup,
  groupOf,
  matchesLabelSelector,
  type Gateway,
  type GatewayListener,
  type GatewayRoute,
  type ParentReference,
} from "@seaworthy/kube";
import type { GatewaySet } from "./gateway-set.ts";

/** What came of one parent that a route names. */
export interface Attachment {
  readonly parentRef: ParentReference;
  /** undefined when there is none of this name: then the route is served as if it had listeners for every host. */
  readonly gateway: Gateway | undefined;
  readonly listeners: readonly AttachedListener[];
  /** Why, in the API's words; `Accepted` where at least one listener took the route. */
  readonly reason: "Accepted" | "NoMatchingParent" | "NotAllowedByListeners" | "NoMatchingListenerHostname";
}

/** A listener that takes a route, and the hosts that are left to it there; "" for every host. */
export interface AttachedListener {
  readonly name: string;
  readonly scheme: "http" | "https";
  readonly hosts: readonly string[];
}

/** Attaches a route to the listeners of its Gateways (apis/v1/shared_types.go, ParentReference; gateway_types.go, AllowedRoutes). */
export function attachRoute(route: GatewayRoute, set: GatewaySet): Attachment[] {
  return (route.spec.parentRefs ?? [])
    .filter(({ group = gatewayGroup, kind = "Gateway" }) => group === gatewayGroup && kind === "Gateway")
    .map((parentRef) => attachTo(parentRef, route, set));
}

/** The scheme of a listener that is served; undefined for one of another protocol. */
export function schemeOf({ protocol, tls }: GatewayListener): "http" | "https" | undefined {
  if (protocol === "HTTP") return "http";
  return protocol === "HTTPS" && tls?.mode !== "Passthrough" ? "https" : undefined;
}

/** The kinds of routes that a listener takes. */
export function kindsOf({ allowedRoutes }: GatewayListener): readonly string[] {
  const served = ["HTTPRoute", "GRPCRoute"];
  const named = allowedRoutes?.kinds;
  if (named === undefined) return served;
  return served.filter((kind) =>
    named.some((each) => each.kind === kind && (each.group ?? gatewayGroup) === gatewayGroup),
  );
}

function attachTo(parentRef: ParentReference, route: GatewayRoute, set: GatewaySet): Attachment {
  const { namespace = "default" } = route.metadata;
  const gateway = set.gateways.find(
    ({ metadata }) =>
      metadata.name === parentRef.name && metadata.namespace === (parentRef.namespace ?? namespace),
  );
  if (gateway === undefined) return { parentRef, gateway, listeners: assumed(route), reason: "Accepted" };
  const { sectionName, port } = parentRef;
  const named = gateway.spec.listeners.filter(
    (each) => (sectionName ?? each.name) === each.name && (port ?? each.port) === each.port,
  );
  const allowed = named.filter((listener) => allows(listener, gateway, route, set));
  const listeners = allowed.flatMap((listener) => {
    const scheme = schemeOf(listener);
    const hosts = sharedHosts(listener.hostname, route.spec.hostnames ?? []);
    return scheme === undefined || hosts.length === 0 ? [] : [{ name: listener.name, scheme, hosts }];
  });
  const reason =
    listeners.length > 0
      ? "Accepted"
      : named.length === 0
        ? "NoMatchingParent"
        : allowed.length === 0
          ? "NotAllowedByListeners"
          : "NoMatchingListenerHostname";
  return { parentRef, gateway, listeners, reason };
}

function assumed({ spec }: GatewayRoute): AttachedListener[] {
  const hosts = sharedHosts(undefined, spec.hostnames ?? []);
  return (["http", "https"] as const).map((scheme) => ({ name: scheme, scheme, hosts }));
}

function allows(listener: GatewayListener, gateway: Gateway, route: GatewayRoute, set: GatewaySet): boolean {
  if (groupOf(route.apiVersion) !== gatewayGroup || !kindsOf(listener).includes(route.kind)) return false;
  const { from = "Same", selector } = listener.allowedRoutes?.namespaces ?? {};
  const { namespace = "default" } = route.metadata;
  switch (from) {
    case "All":
      return true;
    case "Same":
      return namespace === gateway.metadata.namespace;
    case "Selector":
      return matchesLabelSelector(selector, set.namespace(namespace)?.metadata.labels ?? {});
    default:
      return false;
  }
}

/** The hosts that a listener and a route have in common: of each pair the one that says more. */
export function sharedHosts(listenerHost: string | undefined, routeHosts: readonly string[]): string[] {
  const own = (listenerHost ?? "").toLowerCase();
  if (routeHosts.length === 0) return [own];
  const shared = routeHosts.map((host) => narrower(own, host.toLowerCase()));
  return [...new Set(shared.filter((host) => host !== undefined))];
}

function narrower(a: string, b: string): string | undefined {
  if (a === "" || a === b) return b;
  const covers = (wide: string, narrow: string) =>
    wide.startsWith("*.") && narrow.endsWith(wide.slice(1)) && narrow.length > wide.length - 1;
  if (covers(a, b)) return b;
  return covers(b, a) ? a : undefined;
}
