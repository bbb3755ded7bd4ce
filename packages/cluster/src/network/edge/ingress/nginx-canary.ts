import type { EdgeRoute, ServiceBackend } from "../edge-route.ts";
import { cookieOf } from "../requests/cookie-of.ts";
import type { EdgeRequest } from "../requests/edge-request.ts";

/** Which requests of another Ingress's path go to a canary. The header decides before the cookie, and this before the weight. */
export interface Canary {
  readonly header: string | undefined;
  /** The value that means the canary; `always` and `never` decide when absent. */
  readonly headerValue: string | undefined;
  readonly headerPattern: RegExp | undefined;
  readonly cookie: string | undefined;
  readonly weight: number;
  readonly weightTotal: number;
}

/** Reads what `canary` and its like say; undefined for an Ingress that is no canary. */
export function readCanary(read: (name: string) => string | undefined): Canary | undefined {
  if (read("canary") !== "true") return undefined;
  const pattern = read("canary-by-header-pattern");
  const number = (name: string, otherwise: number) => {
    const value = Number(read(name) ?? otherwise);
    return Number.isInteger(value) && value >= 0 ? value : otherwise;
  };
  return {
    header: read("canary-by-header")?.toLowerCase(),
    headerValue: read("canary-by-header-value"),
    headerPattern: pattern === undefined ? undefined : patternOf(pattern),
    cookie: read("canary-by-cookie"),
    weight: number("canary-weight", 0),
    weightTotal: number("canary-weight-total", 100),
  };
}

/** A route whose requests are shared with a canary (rootfs/etc/nginx/lua/balancer.lua, route_to_alternative_balancer). */
export function withCanary(route: EdgeRoute, canary: Canary, backend: ServiceBackend): EdgeRoute[] {
  const { weight, weightTotal } = canary;
  const isSaid = (wanted: boolean) => (request: EdgeRequest) => saysCanary(canary, request) === wanted;
  const shared = [
    ...route.backends.map((each) => ({ ...each, weight: Math.max(0, weightTotal - weight) })),
    { ...backend, weight: Math.min(weight, weightTotal) },
  ];
  return [
    { ...route, accepts: isSaid(true), backends: [{ ...backend, weight: 1 }] },
    { ...route, accepts: isSaid(false) },
    { ...route, backends: shared },
  ];
}

/** undefined: neither header nor cookie decides. */
function saysCanary(
  { header, headerValue, headerPattern, cookie }: Canary,
  request: EdgeRequest,
): boolean | undefined {
  const sent = header === undefined ? undefined : request.headers[header];
  const value = sent === undefined ? undefined : String(sent);
  if (value !== undefined && headerValue !== undefined) {
    if (value === headerValue) return true;
  } else if (value !== undefined && headerPattern !== undefined) {
    if (headerPattern.test(value)) return true;
  } else if (value === "always" || value === "never") return value === "always";
  const kept = cookie === undefined ? undefined : cookieOf(request, cookie);
  return kept === "always" || kept === "never" ? kept === "always" : undefined;
}

function patternOf(text: string): RegExp | undefined {
  try {
    return new RegExp(text);
  } catch {
    return undefined;
  }
}
