import type { IncomingMessage } from "node:http";
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
  // Browsers send these two, and nothing else does: no page has a reason to talk to this API.
  // https://www.w3.org/TR/fetch-metadata/#sec-fetch-site-header; `none` is what a person typed into the address bar.
  if (origin !== undefined || (site !== undefined && site !== "none"))
    return textResponse(403, "requests of web pages are not served");
  return undefined;
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
