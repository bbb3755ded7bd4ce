import { STATUS_CODES } from "node:http";
import type { HeaderFilter, PathModifier, RouteFilter } from "@seaworthy/kube";
import { corsHeaders, isAnsweredPreflight, type CorsSettings } from "../cors.ts";
import type { EdgeRoute, ServiceBackend } from "../edge-route.ts";
import type { EdgeRequest } from "../requests/edge-request.ts";
import type { HeaderChanges } from "../requests/header-changes.ts";
import { hostName } from "../route-table.ts";

/** What filters make of a route. Mirrors are apart, because they refer to Services. */
export type Filtered = Pick<
  EdgeRoute,
  "answer" | "rewritePath" | "rewriteHost" | "requestHeaders" | "responseHeaders"
>;

/** Reads the filters of a rule (apis/v1/httproute_types.go, HTTPRouteFilter). `prefix` is what the rule's match takes. */
export function readFilters(filters: readonly RouteFilter[], prefix: string): Filtered {
  const request = filters.map((each) => changesOf(each.requestHeaderModifier)).find(isDefined);
  const response = filters.map((each) => changesOf(each.responseHeaderModifier)).find(isDefined);
  const rewrite = filters.map((each) => each.urlRewrite).find(isDefined);
  const redirect = filters.map((each) => each.requestRedirect).find(isDefined);
  const cors = filters.map((each) => each.cors).find(isDefined);
  const settings = cors === undefined ? undefined : corsSettings(cors);
  return {
    ...(request === undefined ? {} : { requestHeaders: request }),
    ...(response === undefined && settings === undefined
      ? {}
      : { responseHeaders: (asked) => merged(response, settings && corsHeaders(settings, asked)) }),
    ...(rewrite?.hostname === undefined ? {} : { rewriteHost: rewrite.hostname }),
    ...(rewrite?.path === undefined ? {} : { rewritePath: modifiedPath(rewrite.path, prefix) }),
    ...(redirect === undefined && settings === undefined
      ? {}
      : {
          answer: (asked) => {
            if (settings !== undefined && isAnsweredPreflight(settings, asked))
              return { status: 200, body: "" };
            return redirect === undefined ? undefined : redirectAnswer(redirect, prefix, asked);
          },
        }),
  };
}

/** Reads the filters of one backend, of which only those of headers are known. */
export function readBackendFilters(
  filters: readonly RouteFilter[] = [],
): Pick<ServiceBackend, "requestHeaders" | "responseHeaders"> {
  const request = filters.map((each) => changesOf(each.requestHeaderModifier)).find(isDefined);
  const response = filters.map((each) => changesOf(each.responseHeaderModifier)).find(isDefined);
  return {
    ...(request === undefined ? {} : { requestHeaders: request }),
    ...(response === undefined ? {} : { responseHeaders: response }),
  };
}

function isDefined<T>(value: T | undefined): value is T {
  return value !== undefined;
}

function changesOf(filter: HeaderFilter | undefined): HeaderChanges | undefined {
  if (filter === undefined) return undefined;
  const pairs = (list: HeaderFilter["set"] = []) => list.map(({ name, value }) => [name, value] as const);
  return { set: pairs(filter.set), add: pairs(filter.add), remove: filter.remove ?? [] };
}

function merged(...all: readonly (HeaderChanges | undefined)[]): HeaderChanges {
  const known = all.filter(isDefined);
  return {
    set: known.flatMap(({ set = [] }) => set),
    add: known.flatMap(({ add = [] }) => add),
    remove: known.flatMap(({ remove = [] }) => remove),
  };
}

function corsSettings(cors: NonNullable<RouteFilter["cors"]>): CorsSettings {
  const list = (names: readonly string[] = []) => names.join(", ");
  return {
    origins: cors.allowOrigins ?? [],
    methods: list(cors.allowMethods),
    headers: list(cors.allowHeaders),
    exposed: list(cors.exposeHeaders),
    allowsCredentials: cors.allowCredentials === true,
    maxAgeS: cors.maxAge ?? 5,
    isEager: false,
  };
}

/** How a path is written anew: whole, or the part that the match took. */
function modifiedPath({ type, replaceFullPath, replacePrefixMatch = "" }: PathModifier, prefix: string) {
  if (type === "ReplaceFullPath") return () => replaceFullPath ?? "/";
  const taken = prefix.replace(/\/$/, "").length;
  const instead = replacePrefixMatch.replace(/\/$/, "");
  return (path: string) => {
    const now = instead + path.slice(taken);
    return now.startsWith("/") ? now : `/${now}`;
  };
}

function redirectAnswer(
  { scheme, hostname, path, port, statusCode = 302 }: NonNullable<RouteFilter["requestRedirect"]>,
  prefix: string,
  { host, target, connection }: EdgeRequest,
) {
  const to = scheme ?? (connection.isTls ? "https" : "http");
  const isTls = to === "https";
  const usual = isTls ? 443 : 80;
  // The Gateway's own ports are other ones here: 443 is where the edge speaks TLS.
  const served = isTls ? connection.tlsPort : connection.barePort;
  const toPort = port === undefined || port === usual ? served : port;
  const queryAt = target.indexOf("?");
  const bare = queryAt < 0 ? target : target.slice(0, queryAt);
  const query = queryAt < 0 ? "" : target.slice(queryAt);
  const newPath = path === undefined ? bare : modifiedPath(path, prefix)(bare);
  const shownPort = toPort === usual ? "" : `:${toPort}`;
  const url = `${to}://${hostname ?? hostName(host)}${shownPort}${newPath}${query}`;
  return { status: statusCode, headers: ["Location", url], body: STATUS_CODES[statusCode] ?? "" };
}
