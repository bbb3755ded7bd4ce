import type { Request } from "../exchange.ts";

/** The template of the route that Express matched. Express leaves the route on Node's own request object. */
export function expressRoute(request: Request): string | undefined {
  const { route, baseUrl } = request as { route?: { path?: unknown }; baseUrl?: unknown };
  if (typeof route?.path !== "string") return undefined;
  return typeof baseUrl === "string" ? baseUrl + route.path : route.path;
}
