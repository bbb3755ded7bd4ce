import type { Route } from "@seaworthy/app";
import type { Service } from "@seaworthy/kube";

/**
 * A URL whose address is that of a Service (its ClusterIP, its load balancer, or a node port's number) leads to that
 * Service; any other leads to the edge, and so along every path of an Ingress, or the one that the URL names.
 */
export function routesAt(
  url: URL,
  routes: readonly Route[],
  services: readonly Service[],
): { readonly route: Route; readonly isEdge: boolean }[] {
  const own = services.find((service) => isAt(service, url));
  if (own !== undefined) {
    const ofService = routes.filter(
      ({ namespace, service }) => namespace === own.metadata.namespace && service === own.metadata.name,
    );
    const direct = ofService.filter(({ kind }) => kind === "service");
    const route = direct.find(({ port }) => port === Number(url.port || 80)) ?? direct[0];
    return route === undefined ? [] : [{ route: atUrl(route, url, false), isEdge: false }];
  }
  const fronts = routes.filter(({ kind }) => kind === "ingress");
  const named = fronts.filter(({ paths }) => paths.some(({ path }) => path === url.pathname + url.search));
  const meant = url.pathname === "/" ? fronts : (named.length > 0 ? named : fronts).slice(0, 1);
  return (meant.length > 0 ? meant : routes.slice(0, 1)).map((route) => ({
    route: atUrl(route, url, true),
    isEdge: true,
  }));
}

/** A path in the URL is what the user wants to be asked. */
function atUrl(route: Route, url: URL, isEdge: boolean): Route {
  const hostHeader = isEdge && route.kind === "service" ? url.host : route.hostHeader;
  const path = url.pathname + url.search;
  const paths = path === "/" ? route.paths : [{ path, appPath: path }];
  // Each URL is tried, also where two lead to the same app.
  return { ...route, hostHeader, paths, group: `${route.group} ${url.href}` };
}

function isAt({ spec, status }: Service, url: URL): boolean {
  const address = url.hostname.replace(/^\[|\]$/g, "");
  const addresses = [
    ...(spec.clusterIPs ?? [spec.clusterIP]),
    ...(spec.externalIPs ?? []),
    ...(status?.loadBalancer?.ingress ?? []).flatMap(({ ip, hostname }) => [ip, hostname]),
  ];
  return (
    addresses.includes(address) || (spec.ports ?? []).some(({ nodePort }) => nodePort === Number(url.port))
  );
}
