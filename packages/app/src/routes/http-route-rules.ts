import type { Gateway, HttpRoute, HttpRouteMatch, HttpRouteRule, PathModifier } from "@seaworthy/kube";
import type { FrontRule } from "./front-rule.ts";
import { gatewayFronts } from "./gateway-fronts.ts";

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
  route: HttpRoute,
  { filters = [], backendRefs = [] }: HttpRouteRule,
  { path }: HttpRouteMatch,
  gateways: readonly Gateway[],
): FrontRule[] {
  const { type = "PathPrefix", value = "/" } = path ?? {};
  const rewrite = filters.map(({ urlRewrite }) => urlRewrite?.path).find((each) => each !== undefined);
  return gatewayFronts(route, backendRefs, gateways).map((front) => ({
    ...front,
    ...pathRule(type, value, rewrite),
    label: `HTTPRoute ${front.host ?? route.metadata.name}${value}`,
    isGrpc: false,
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
