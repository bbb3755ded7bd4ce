import type { IncomingMessage } from "node:http";
import { TLSSocket } from "node:tls";
import type { ApiResponse } from "@seaworthy/client";
import { errorResponse, textResponse } from "./responses.ts";
import { unauthorized } from "./status-error.ts";
import type { Credentials } from "./credentials.ts";

/** What anybody may ask, as with the ClusterRole system:public-info-viewer of a real cluster. */
const publicPaths = /^\/(?:healthz|livez|readyz|version)\/?$/;

/**
 * The answer to a request that must not be read any further, or undefined when it may pass. It looks at the head of
 * the request only, so it serves plain requests and WebSocket upgrades alike.
 */
export function refuse(message: IncomingMessage, credentials: Credentials): ApiResponse | undefined {
  const { host = "", origin, "sec-fetch-site": site, authorization } = message.headers;
  // A web page must not reach the cluster through a name of its own that leads to 127.0.0.1 (DNS rebinding).
  if (!isLocal(host)) return textResponse(403, `host ${host} is not served`);
  // Browsers send these two, and nothing else does: no page has a reason to talk to this API.
  // https://www.w3.org/TR/fetch-metadata/#sec-fetch-site-header; `none` is what a person typed into the address bar.
  if (origin !== undefined || (site !== undefined && site !== "none"))
    return textResponse(403, "requests of web pages are not served");
  const [path = "/"] = (message.url ?? "/").split("?");
  if (publicPaths.test(path) && message.method === "GET") return undefined;
  return hasCertificate(message) || credentials.accepts(authorization)
    ? undefined
    : errorResponse(unauthorized());
}

function isLocal(host: string): boolean {
  return /^(127\.0\.0\.1|localhost|\[::1\])(:\d+)?$/i.test(host);
}

/** TLS has checked the certificate against our authority, which makes one for one client only: the administrator. */
function hasCertificate({ socket }: IncomingMessage): boolean {
  return socket instanceof TLSSocket && socket.authorized;
}
