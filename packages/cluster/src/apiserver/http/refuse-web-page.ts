import type { IncomingHttpHeaders, IncomingMessage } from "node:http";
import type { ApiResponse } from "@seaworthy/client";
import { apiServerAddress, apiServerNames } from "../../api-server-address.ts";
import { textResponse } from "./responses.ts";

/**
 * The answer to a request of a web page, or undefined for a request that is none. It looks at the head only, so it
 * serves plain requests and WebSocket upgrades alike.
 */
export function refuseWebPage({ headers }: IncomingMessage): ApiResponse | undefined {
  const { host = "", origin, "sec-fetch-site": site } = headers;
  // A web page must not reach the cluster through a name of its own that leads to 127.0.0.1 (DNS rebinding).
  if (!servedHosts.has(host.replace(/:\d+$/, "").toLowerCase()))
    return textResponse(403, `host ${host} is not served`);
  // Browsers send these two, and hardly anything else does: no page has a reason to talk to this API.
  // https://www.w3.org/TR/fetch-metadata/#sec-fetch-site-header; `none` is what a person typed into the address bar.
  if ((origin !== undefined && !isProgram(headers)) || (site !== undefined && site !== "none"))
    return textResponse(403, "requests of web pages are not served");
  return undefined;
}

/**
 * Whether programs alone send this: libraries for WebSockets name an Origin, that of Python's client for Kubernetes among them.
 * A page can give no header to a WebSocket (https://websockets.spec.whatwg.org/#the-websocket-interface), and none that asks for
 * an upgrade to anything else (https://fetch.spec.whatwg.org/#forbidden-request-header).
 */
function isProgram({ upgrade = "", authorization = "" }: IncomingHttpHeaders): boolean {
  return upgrade.toLowerCase() === "websocket" && /^bearer /i.test(authorization);
}

/** What the server's certificate is for. */
const servedHosts: ReadonlySet<string> = new Set([
  "127.0.0.1",
  "localhost",
  "[::1]",
  apiServerAddress,
  "kubernetes",
  ...apiServerNames,
]);
