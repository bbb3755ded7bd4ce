import type { GrpcRouteRule, HttpRouteMatch, NamedMatch } from "@seaworthy/kube";
import type { EdgeRoute, PathMatch } from "../edge-route.ts";
import type { EdgeRequest } from "../requests/edge-request.ts";

/** What a rule asks of requests, and how much it says: numbers that are compared from the first to the last, larger first. */
export interface RankedMatch extends Pick<EdgeRoute, "match" | "accepts"> {
  readonly rank: readonly number[];
  /** The prefix that a filter may replace. */
  readonly prefix: string;
}

/** Reads a match of an HTTPRoute, with the precedence of apis/v1/httproute_types.go (HTTPRouteRule, matches). */
export function readHttpMatch({ path, headers = [], queryParams = [], method }: HttpRouteMatch): RankedMatch {
  const { type = "PathPrefix", value = "/" } = path ?? {};
  const kinds = { Exact: 2, RegularExpression: 1, PathPrefix: 0 } as const;
  return {
    match: pathMatch(type, value),
    accepts: (request) =>
      (method === undefined || request.method === method) &&
      headers.every((each) => hasHeader(request, each)) &&
      queryParams.every((each) => hasParameter(request, each)),
    rank: [
      kinds[type as keyof typeof kinds] ?? 0,
      value.length,
      method === undefined ? 0 : 1,
      headers.length,
      queryParams.length,
    ],
    prefix: type === "PathPrefix" ? value : "",
  };
}

/** Reads a match of a GRPCRoute: a call is a POST to `/service/method` (gRPC over HTTP/2). */
export function readGrpcMatch({
  method,
  headers = [],
}: NonNullable<GrpcRouteRule["matches"]>[number]): RankedMatch {
  const { type = "Exact", service = "", method: name = "" } = method ?? {};
  const isRegex = type === "RegularExpression";
  const part = (value: string) => (value === "" ? "[^/]+" : isRegex ? value : RegExp.escape(value));
  return {
    match: { kind: "regex", regex: new RegExp(`^/${part(service)}/${part(name)}$`) },
    accepts: (request) => headers.every((each) => hasHeader(request, each)),
    rank: [isRegex ? 1 : 2, service.length + name.length, 1, headers.length, 0],
    prefix: "",
  };
}

function pathMatch(type: string, value: string): PathMatch {
  if (type === "Exact") return { kind: "exact", path: value };
  if (type === "PathPrefix") return value === "/" ? { kind: "any" } : { kind: "element-prefix", path: value };
  return { kind: "regex", regex: wholeMatch(value) };
}

function hasHeader({ headers, host }: EdgeRequest, { type, name, value }: NamedMatch): boolean {
  const lower = name.toLowerCase();
  const found = lower === "host" ? host : headers[lower];
  return found !== undefined && isValue(type, value, String(found));
}

/** Of a parameter that comes more than once the first counts. */
function hasParameter({ target }: EdgeRequest, { type, name, value }: NamedMatch): boolean {
  const queryAt = target.indexOf("?");
  const found = queryAt < 0 ? null : new URLSearchParams(target.slice(queryAt)).get(name);
  return found !== null && isValue(type, value, found);
}

function isValue(type: string | undefined, wanted: string, found: string): boolean {
  return type === "RegularExpression" ? wholeMatch(wanted).test(found) : found === wanted;
}

/** Envoy's meaning: the expression covers the whole. One that JavaScript does not know matches nothing. */
function wholeMatch(expression: string): RegExp {
  try {
    return new RegExp(`^(?:${expression})$`);
  } catch {
    return /(?!)/;
  }
}
