import type { EdgeRoute, EdgeRoutes, PathMatch } from "./edge-route.ts";

/** A route, and the request target that the pod is to see. */
export interface RouteMatch {
  readonly route: EdgeRoute;
  readonly target: string;
}

/** Routes, ready to be asked. */
export interface RouteTable {
  /** `host` is the Host header (a port is ignored), `target` the request target with its query. */
  match(host: string, target: string): RouteMatch | undefined;
}

/** Prepares routes. A host's own routes come before those of a wildcard, and these before those of every host. */
export function createRouteTable({ routes, fallback }: EdgeRoutes): RouteTable {
  const hosts = Map.groupBy(routes, ({ host }) => host);
  return {
    match(host, target) {
      const queryAt = target.indexOf("?");
      const path = queryAt < 0 ? target : target.slice(0, queryAt);
      const own = routesOf(hosts, host.replace(/:\d+$/, "").toLowerCase());
      const route = own.find(({ match }) => matches(match, path)) ?? fallback;
      if (route === undefined) return undefined;
      const query = queryAt < 0 ? "" : target.slice(queryAt);
      return { route, target: (route.rewritePath?.(path) ?? path) + query };
    },
  };
}

function routesOf(hosts: ReadonlyMap<string, readonly EdgeRoute[]>, host: string): readonly EdgeRoute[] {
  const dot = host.indexOf(".");
  return hosts.get(host) ?? (dot > 0 ? hosts.get(`*${host.slice(dot)}`) : undefined) ?? hosts.get("") ?? [];
}

function matches(match: PathMatch, path: string): boolean {
  switch (match.kind) {
    case "any":
      return true;
    case "exact":
      return path === match.path;
    case "string-prefix":
      return path.startsWith(match.path);
    case "element-prefix":
      return isElementPrefix(match.path, path);
    case "regex":
      return match.regex.test(path);
  }
}

/** `/foo` and `/foo/` are prefixes of `/foo`, `/foo/` and `/foo/bar`, and not of `/foobar` (Ingress API, pathType). */
function isElementPrefix(prefix: string, path: string): boolean {
  const bare = prefix.endsWith("/") ? prefix.slice(0, -1) : prefix;
  return path.startsWith(bare) && (path.length === bare.length || path[bare.length] === "/");
}
