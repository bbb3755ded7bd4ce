import {
  parseDuration,
  type BackendReference,
  type GatewayRoute,
  type GrpcRoute,
  type HttpRoute,
  type RouteFilter,
} from "@seaworthy/kube";
import type { EdgeRoute, EdgeRoutes, Mirror, PodProtocol } from "../edge-route.ts";
import type { ProxyBehavior } from "../proxy-behavior.ts";
import { attachRoute } from "./attach-route.ts";
import type { GatewaySet } from "./gateway-set.ts";
import { backendsOf, brokenBackend, resolveBackend } from "./resolve-backends.ts";
import { readBackendFilters, readFilters } from "./route-filters.ts";
import { readGrpcMatch, readHttpMatch, type RankedMatch } from "./route-matches.ts";

/**
 * The routes that HTTPRoutes and GRPCRoutes ask for where listeners take them. Of two that match the one that says more wins,
 * then the older one, then the first by name (apis/v1/httproute_types.go, HTTPRouteRule).
 */
export function routesOfGateways(set: GatewaySet, behavior: ProxyBehavior): EdgeRoutes {
  const routes = [
    ...set.httpRoutes.flatMap((route) => rulesOfHttp(route).map((rule) => ({ route, rule }))),
    ...set.grpcRoutes.flatMap((route) => rulesOfGrpc(route).map((rule) => ({ route, rule }))),
  ];
  const ranked = routes
    .toSorted((left, right) => (ageOf(left.route) < ageOf(right.route) ? -1 : 1))
    .flatMap(({ route, rule }) => edgeRoutesOf(route, rule, set, behavior))
    .toSorted((left, right) => compareRanks(right.rank, left.rank));
  return { routes: ranked.map(({ route }) => route), fallback: undefined };
}

/** One match of a rule, with all that the rule says. */
interface Rule {
  readonly match: RankedMatch;
  readonly filters: readonly RouteFilter[];
  readonly backendRefs: readonly BackendReference[];
  readonly timeouts: { readonly request?: string; readonly backendRequest?: string };
  readonly protocol: PodProtocol | undefined;
}

function rulesOfHttp({ spec }: HttpRoute): Rule[] {
  return (spec.rules ?? [{}]).flatMap(({ matches, filters = [], backendRefs = [], timeouts = {} }) =>
    (matches ?? [{}]).map((match) => ({
      match: readHttpMatch(match),
      filters,
      backendRefs,
      timeouts,
      protocol: undefined,
    })),
  );
}

function rulesOfGrpc({ spec }: GrpcRoute): Rule[] {
  return (spec.rules ?? []).flatMap(({ matches, filters = [], backendRefs = [] }) =>
    (matches ?? [{}]).map((match) => ({
      match: readGrpcMatch(match),
      filters,
      backendRefs,
      timeouts: {},
      protocol: "h2c" as const,
    })),
  );
}

interface RankedRoute {
  readonly route: EdgeRoute;
  readonly rank: readonly number[];
}

function edgeRoutesOf(
  route: GatewayRoute,
  rule: Rule,
  set: GatewaySet,
  behavior: ProxyBehavior,
): RankedRoute[] {
  const { match, filters, backendRefs } = rule;
  const filtered = readFilters(filters, match.prefix);
  const backends = backendsOf(backendRefs, route, set, ({ filters: own }) => readBackendFilters(own));
  const hasBackend = backends.some(({ weight }) => weight > 0);
  const mirrors = mirrorsOf(filters, route, set);
  const protocol = rule.protocol ?? protocolOf(backendRefs, route, set);
  const { namespace = "default", name } = route.metadata;
  const made: Omit<EdgeRoute, "host"> = {
    ...filtered,
    source: `${namespace}/${name}`,
    match: match.match,
    ...(match.accepts === undefined ? {} : { accepts: match.accepts }),
    // A rule without anything to send requests to is a mistake, unless a filter answers.
    ...(hasBackend ? {} : { answer: (request) => filtered.answer?.(request) ?? brokenBackend }),
    backends,
    ...(mirrors.length === 0 ? {} : { mirrors }),
    ...(protocol === undefined ? {} : { protocol }),
    behavior: withTimeouts(behavior, rule.timeouts),
  };
  return attachRoute(route, set).flatMap(({ listeners }) =>
    listeners.flatMap(({ scheme, hosts }) =>
      hosts.map((host) => ({
        // Here `*.example` stands for any number of labels, other than in an Ingress.
        route: { ...made, scheme, host: host.replace(/^\*\./, "**.") },
        rank: match.rank,
      })),
    ),
  );
}

function mirrorsOf(filters: readonly RouteFilter[], route: GatewayRoute, set: GatewaySet): Mirror[] {
  return filters.flatMap(({ requestMirror }) => {
    if (requestMirror === undefined) return [];
    const { backendRef, percent, fraction } = requestMirror;
    const found = resolveBackend(backendRef, route, set);
    const share = fraction ? fraction.numerator / (fraction.denominator ?? 100) : (percent ?? 100) / 100;
    return "backend" in found ? [{ backend: found.backend, share }] : [];
  });
}

/** What the Service's port says that it speaks (KEP-3726, `kubernetes.io/h2c`). */
function protocolOf(
  references: readonly BackendReference[],
  { metadata }: GatewayRoute,
  set: GatewaySet,
): PodProtocol | undefined {
  const [first] = references;
  if (first === undefined) return undefined;
  const service = set.service(first.namespace ?? metadata.namespace ?? "default", first.name);
  const port = service?.spec.ports?.find((each) => each.port === first.port);
  return port?.appProtocol === "kubernetes.io/h2c" ? "h2c" : undefined;
}

/** GEP-1742: `request` bounds the whole answer, `backendRequest` one try; 0s is no bound. */
function withTimeouts(behavior: ProxyBehavior, { request, backendRequest }: Rule["timeouts"]): ProxyBehavior {
  const ms = (text: string) => parseDuration(text) / 1e6;
  const { answerTimeoutMs, ...rest } = behavior;
  const whole = request === undefined ? answerTimeoutMs : ms(request);
  const silence = backendRequest === undefined ? 0 : ms(backendRequest);
  return {
    ...rest,
    ...(whole === undefined || whole === 0 ? {} : { answerTimeoutMs: whole }),
    ...(silence === 0 ? {} : { readTimeoutMs: silence }),
  };
}

function compareRanks(left: readonly number[], right: readonly number[]): number {
  for (const [index, rank] of left.entries()) if (rank !== right[index]) return rank - (right[index] ?? 0);
  return 0;
}

function ageOf({ metadata }: GatewayRoute): string {
  return `${metadata.creationTimestamp ?? ""} ${metadata.namespace ?? ""}/${metadata.name}`;
}
