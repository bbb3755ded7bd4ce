import type { EdgeRoute, ServiceBackend } from "./edge-route.ts";
import type { HeaderChanges } from "./requests/header-changes.ts";

/** What a route and its backend change of a request's headers, in this order. */
export function podHeaderChanges(
  { rewriteHost, requestHeaders }: EdgeRoute,
  backend: ServiceBackend,
): (HeaderChanges | undefined)[] {
  const rewritten: HeaderChanges | undefined =
    rewriteHost === undefined ? undefined : { set: [["Host", rewriteHost]] };
  return [rewritten, requestHeaders, backend.requestHeaders];
}
