import type { Ingress, IngressBackend, IngressPath } from "@seaworthy/kube";

/** Where a request goes, and what the Ingress says about the way. */
export interface Route {
  /** `namespace/name` of the Ingress. */
  readonly ingress: string;
  readonly namespace: string;
  readonly service: string;
  /** The number or the name of the Service's port. */
  readonly port: number | string;
  /** The annotations of the Ingress. */
  readonly annotations: Readonly<Record<string, string>>;
}

/** A route, and the request target that the pod is to see. */
export interface RouteMatch {
  readonly route: Route;
  readonly target: string;
}

/** All Ingress rules of the cluster, ready to be asked. */
export interface IngressRules {
  /** `host` is the Host header (a port is ignored), `target` the request target with its query. */
  match(host: string, target: string): RouteMatch | undefined;
}

/** Prepares the rules of Ingresses. The oldest Ingress wins where two say the same (as in the controllers). */
export function compileIngressRules(ingresses: readonly Ingress[]): IngressRules {
  const hosts = new Map<string, HostRules>();
  let fallback: Route | undefined;
  for (const ingress of [...ingresses].sort(byAge)) {
    const defaultRoute = routeTo(ingress, ingress.spec.defaultBackend);
    const rules = ingress.spec.rules ?? [];
    if (rules.length === 0 || rules.some((rule) => (rule.host ?? "") === "")) fallback ??= defaultRoute;
    for (const rule of rules) {
      const host = (rule.host ?? "").toLowerCase();
      const own = hosts.get(host) ?? { locations: [], fallback: undefined };
      hosts.set(host, own);
      own.fallback ??= defaultRoute;
      // A rule without paths sends the whole host to the default backend.
      for (const path of rule.http?.paths ?? []) addLocation(own, ingress, path);
    }
  }
  for (const own of hosts.values()) own.locations = inOrder(own.locations);
  return {
    match(host, target) {
      const own = hostRules(hosts, withoutPort(host).toLowerCase());
      const found = own === undefined ? undefined : matchLocation(own.locations, target);
      if (found !== undefined) return found;
      const route = own?.fallback ?? fallback;
      return route === undefined ? undefined : { route, target };
    },
  };
}

interface HostRules {
  locations: Location[];
  fallback: Route | undefined;
}

interface Location {
  readonly path: string;
  readonly kind: "exact" | "element-prefix" | "string-prefix";
  readonly usesRegex: boolean;
  readonly regex: RegExp | undefined;
  readonly rewrite: string | undefined;
  readonly route: Route;
}

const nginxAnnotation = "nginx.ingress.kubernetes.io";

function addLocation(own: HostRules, ingress: Ingress, { path = "/", pathType, backend }: IngressPath): void {
  const route = routeTo(ingress, backend);
  if (route === undefined) return;
  const kind = pathType === "Exact" ? "exact" : pathType === "Prefix" ? "element-prefix" : "string-prefix";
  if (own.locations.some((other) => other.path === path && other.kind === kind)) return;
  const rewrite = route.annotations[`${nginxAnnotation}/rewrite-target`];
  const usesRegex = rewrite !== undefined || route.annotations[`${nginxAnnotation}/use-regex`] === "true";
  own.locations.push({ path, kind, usesRegex, regex: toRegex(path), rewrite, route });
}

/**
 * Exact paths first, then longer before shorter. One Ingress with use-regex or rewrite-target turns every path of the
 * host into a case-insensitive regex, tried from the longest (ingress-nginx docs, user-guide/ingress-path-matching).
 */
function inOrder(locations: readonly Location[]): Location[] {
  const enforced = locations.some((location) => location.usesRegex);
  const longestFirst = [...locations].sort((a, b) => b.path.length - a.path.length);
  if (enforced) return longestFirst.map((location) => ({ ...location, usesRegex: true }));
  return [
    ...longestFirst.filter((location) => location.kind === "exact"),
    ...longestFirst.filter((location) => location.kind !== "exact"),
  ];
}

function matchLocation(locations: readonly Location[], target: string): RouteMatch | undefined {
  const queryAt = target.indexOf("?");
  const path = queryAt < 0 ? target : target.slice(0, queryAt);
  const query = queryAt < 0 ? "" : target.slice(queryAt);
  for (const location of locations) {
    if (!locationMatches(location, path)) continue;
    return { route: location.route, target: rewritten(location, path) + query };
  }
  return undefined;
}

function locationMatches(location: Location, path: string): boolean {
  if (location.usesRegex && location.regex !== undefined) return location.regex.test(path);
  switch (location.kind) {
    case "exact":
      return path === location.path;
    case "string-prefix":
      return path.startsWith(location.path);
    case "element-prefix":
      return isElementPrefix(location.path, path);
  }
}

/** `/foo` and `/foo/` are prefixes of `/foo`, `/foo/` and `/foo/bar`, and not of `/foobar` (Ingress API, pathType). */
function isElementPrefix(prefix: string, path: string): boolean {
  const bare = prefix.endsWith("/") ? prefix.slice(0, -1) : prefix;
  return path.startsWith(bare) && (path.length === bare.length || path[bare.length] === "/");
}

/** nginx: `rewrite "(?i)PATH" TARGET break`, so the whole path becomes the target with its groups filled in. */
function rewritten(location: Location, path: string): string {
  if (location.rewrite === undefined) return path;
  const groups = location.regex?.exec(path) ?? [];
  const target = location.rewrite.replaceAll(/\$(\d)/g, (_, digit: string) => groups[Number(digit)] ?? "");
  return target.startsWith("/") ? target : `/${target}`;
}

function toRegex(path: string): RegExp | undefined {
  try {
    return new RegExp(`^${path}`, "i");
  } catch {
    // Not a regex of ours (PCRE knows more): it is then compared as text.
    return undefined;
  }
}

function hostRules(hosts: ReadonlyMap<string, HostRules>, host: string): HostRules | undefined {
  // A wildcard stands for exactly one label (Ingress API, IngressRule.host).
  const dot = host.indexOf(".");
  return hosts.get(host) ?? (dot > 0 ? hosts.get(`*${host.slice(dot)}`) : undefined) ?? hosts.get("");
}

function withoutPort(host: string): string {
  return host.replace(/:\d+$/, "");
}

function routeTo(ingress: Ingress, backend: IngressBackend | undefined): Route | undefined {
  const port = backend?.service?.port?.number ?? backend?.service?.port?.name;
  if (backend?.service === undefined || port === undefined) return undefined;
  const { namespace = "default", name, annotations = {} } = ingress.metadata;
  return { ingress: `${namespace}/${name}`, namespace, service: backend.service.name, port, annotations };
}

function byAge(a: Ingress, b: Ingress): number {
  const key = (ingress: Ingress) =>
    `${ingress.metadata.creationTimestamp ?? ""} ${ingress.metadata.namespace ?? ""}/${ingress.metadata.name}`;
  return key(a) < key(b) ? -1 : 1;
}
