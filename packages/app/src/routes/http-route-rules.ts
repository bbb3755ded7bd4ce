import type {
  BackendReference,
  Gateway,
  HttpRoute,
  HttpRouteMatch,
  HttpRouteRule,
  ParentReference,
  PathModifier,
} from "@seaworthy/kube";
import type { FrontRule } from "./front-rule.ts";

/**
 * The rules of HTTPRoutes by which a plain GET comes to a Service: those that want certain headers, parameters or another
 * method are for other requests, and those that redirect lead to no pod.
 */
export function httpRouteRules(routes: readonly HttpRoute[], gateways: readonly Gateway[]): FrontRule[] {
  return routes.flatMap((route) =>
    (route.spec.rules ?? [{}])
      .filter(({ filters = [] }) => filters.every(({ requestRedirect }) => requestRedirect === undefined))
      .flatMap((rule) =>
        (rule.matches ?? [{}]).filter(isPlain).flatMap((match) => frontRules(route, rule, match, gateways)),
      ),
  );
}

function isPlain({ method = "GET", headers = [], queryParams = [] }: HttpRouteMatch): boolean {
  return method === "GET" && headers.length === 0 && queryParams.length === 0;
}

function frontRules(
  { metadata, spec }: HttpRoute,
  { filters = [], backendRefs = [] }: HttpRouteRule,
  { path }: HttpRouteMatch,
  gateways: readonly Gateway[],
): FrontRule[] {
  const { namespace = "default", name } = metadata;
  const { type = "PathPrefix", value = "/" } = path ?? {};
  const parents = (spec.parentRefs ?? []).flatMap((each) => listenersOf(each, namespace, gateways));
  const hosts: readonly (string | undefined)[] = spec.hostnames ?? [
    ...new Set(parents.map(({ hostname }) => hostname)),
  ];
  const backend = heaviest(backendRefs);
  const rewrite = filters.map(({ urlRewrite }) => urlRewrite?.path).find((each) => each !== undefined);
  return (hosts.length === 0 ? [undefined] : hosts).map((host) => ({
    label: `HTTPRoute ${host ?? name}${value}`,
    namespace: backend?.namespace ?? namespace,
    host,
    hasTls: parents.some(({ protocol, hostname }) => protocol === "HTTPS" && covers(hostname, host)),
    isGrpc: false,
    service: serviceOf(backend),
    besides: backendRefs
      .filter((each) => each !== backend && (each.weight ?? 1) > 0)
      .map((each) => each.name),
    ...pathRule(type, value, rewrite),
  }));
}

function pathRule(type: string, value: string, rewrite: PathModifier | undefined) {
  const isRegex = type === "RegularExpression";
  if (rewrite === undefined)
    return {
      pattern: isRegex ? `${value}$` : value,
      pathType: type === "Exact" ? "Exact" : "Prefix",
      rewrite: undefined,
      usesRegex: isRegex,
    };
  const { replaceFullPath = "/", replacePrefixMatch = "/" } = rewrite;
  const bare = value.replace(/\/$/, "");
  const isFull = rewrite.type === "ReplaceFullPath";
  return {
    pattern: `${bare}(/|$)(.*)`,
    pathType: "ImplementationSpecific",
    rewrite: isFull ? replaceFullPath : `${replacePrefixMatch.replace(/\/$/, "")}/$2`,
    usesRegex: true,
  };
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
