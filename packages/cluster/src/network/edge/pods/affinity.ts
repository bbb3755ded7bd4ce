import { createHash } from "node:crypto";
import { peerOf, type EndpointState } from "../../endpoints/endpoint-state.ts";
import { cookieOf } from "../requests/cookie-of.ts";
import type { EdgeRequest } from "../requests/edge-request.ts";
import type { HeaderChanges } from "../requests/header-changes.ts";

/** A cookie by which a client comes back to its pod. */
export interface Affinity {
  readonly cookie: string;
  /** What follows its value: `; Path=/; HttpOnly`. */
  readonly attributes: string;
}

/** Whether an endpoint is the one of which the request's cookie speaks. */
export function isOwnPod(affinity: Affinity, request: EdgeRequest): (endpoint: EndpointState) => boolean {
  const own = cookieOf(request, affinity.cookie);
  return (endpoint) => own !== undefined && own === keyOf(endpoint);
}

/** The cookie for a client that has none of this pod. */
export function affinityCookie(
  affinity: Affinity,
  request: EdgeRequest,
  endpoint: EndpointState,
): HeaderChanges | undefined {
  if (isOwnPod(affinity, request)(endpoint)) return undefined;
  const secure = request.connection.isTls ? "; Secure" : "";
  return { add: [["Set-Cookie", `${affinity.cookie}=${keyOf(endpoint)}${affinity.attributes}${secure}`]] };
}

/** Addresses of pods are nobody's business outside. */
function keyOf(endpoint: EndpointState): string {
  return createHash("sha256").update(peerOf(endpoint)).digest("hex").slice(0, 32);
}
