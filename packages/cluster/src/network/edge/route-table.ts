import type { EdgeRoute, EdgeRoutes, PathMatch } from "./edge-route.ts";
import type { EdgeRequest } from "./requests/edge-request.ts";

/** A route, and the request target that the pod is to see. */
export interface RouteMatch {
  readonly route: EdgeRoute;
  readonly target: string;
}

/** Routes, ready to be asked. */
export interface RouteTable {
  match(request: EdgeRequest): RouteMatch | undefined;
}

/** Prepares routes. A host's own routes come before those of a wildcard, and these before those of every host. */
export function createRouteTable(...all: readonly EdgeRoutes[]): RouteTable {
  const routes = all.flatMap((each) => each.routes);
  const fallback = all.map((each) => each.fallback).find((each) => each !== undefined);
  const of = (scheme: "http" | "https") =>
    Map.groupBy(
      routes.filter((route) => (route.scheme ?? scheme) === scheme),
      ({ host }) => host,
    );
  const bare = of("http");
  const secure = of("https");
  return {
    match(request) {
      const { host, target, connection } = request;
      const queryAt = target.indexOf("?");
      const path = queryAt < 0 ? target : target.slice(0, queryAt);
      const own = routesOf(connection.isTls ? secure : bare, hostName(host));
      const route =
        own.find(({ match, accepts }) => matches(match, path) && (accepts?.(request) ?? true)) ?? fallback;
      if (route === undefined) return undefined;
      const query = queryAt < 0 ? "" : target.slice(queryAt);
      return { route, target: (route.rewritePath?.(path) ?? path) + query };
    },
  };
}

/** A host without its port, in lower case. */
export function hostName(host: string): string {
  return host.replace(/:\d+$/, "").toLowerCase();
}

function routesOf(hosts: ReadonlyMap<string, readonly EdgeRoute[]>, host: string): readonly EdgeRoute[] {
  const own = hosts.get(host);
  if (own !== undefined) return own;
  let isFirst = true;
  for (let dot = host.indexOf("."); dot > 0; dot = host.indexOf(".", dot + 1)) {
    const rest = host.slice(dot);
    const found = (isFirst ? hosts.get(`*${rest}`) : undefined) ?? hosts.get(`**${rest}`);
    if (found !== undefined) return found;
    isFirst = false;
  }
  return hosts.get("") ?? [];
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
