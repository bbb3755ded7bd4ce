import { once } from "node:events";
import type { Socket } from "node:net";
import { connect as startTls } from "node:tls";
import type { ApiRequest, ApiResponse } from "@seaworthy/client";
import type { ApiContext } from "../api-context.ts";
import { goNetworkError } from "../http/go-network-error.ts";
import { passOn } from "../http/passed-on.ts";
import { StatusError } from "../http/status-error.ts";
import type { ObjectRoute } from "../resource.ts";
import { pageBelow } from "./page-below.ts";
import { pathBelow, type ProxyTarget } from "./proxy-target.ts";
import { forwardedHeaders, sendRequest, withoutHops } from "./send-request.ts";

/** How long a pod may take to accept a connection. */
const dialTimeoutMs = 30_000;

/**
 * Passes a request on to a port of a pod, and its answer back. Who reads `…/proxy` is sent to `…/proxy/`, so that links
 * of a page there lead below it.
 * https://github.com/kubernetes/apimachinery/blob/master/pkg/util/proxy/upgradeaware.go
 */
export async function proxyRequest(
  context: ApiContext,
  route: ObjectRoute,
  request: ApiRequest,
  target: ProxyTarget,
): Promise<ApiResponse> {
  const { below = [] } = route;
  const query = request.query.size === 0 ? "" : `?${request.query.toString()}`;
  const isRead = request.method === "GET" || (request.method as string) === "HEAD";
  if (isRead && below.length === 0 && !request.path.endsWith("/"))
    return { status: 301, headers: { location: `${request.path}/${query}` }, body: "" };
  const path = pathBelow(below, request);
  const root = request.path.slice(0, request.path.indexOf("/proxy") + "/proxy".length);
  try {
    const socket = await dial(context, target);
    const headersSent = { ...forwardedHeaders(request, root + path), connection: "close" };
    const { answer } = await sendRequest(socket, { ...request, path: path + query, headers: headersSent });
    const { "transfer-encoding": _encoding, ...headers } = withoutHops(answer.headers);
    const { location } = headers;
    // Places on the server that was asked are below the proxy for the client.
    const moved = location?.startsWith("/") === true ? { location: root + location } : {};
    const page = await pageBelow(root, { headers: { ...headers, ...moved }, body: answer });
    return passOn(answer.statusCode ?? 502, page.headers, page.body);
  } catch (error) {
    throw unreachable(error, target);
  }
}

/** The answer where nothing can be reached: 503, in the words of Go. */
export function serviceUnavailable(message: string): StatusError {
  return new StatusError(503, "ServiceUnavailable", message);
}

async function dial({ network }: ApiContext, { isTls, ip, port }: ProxyTarget): Promise<Socket> {
  const number = /^\d+$/.test(port) ? Number(port) : undefined;
  if (number === undefined) throw new Error(`dial tcp: lookup tcp/${port}: unknown port`);
  if (number > 65_535) throw new Error(`dial tcp: address ${port}: invalid port`);
  const socket = await network.dial(ip, number, dialTimeoutMs);
  if (!isTls) return socket;
  socket.on("error", () => {});
  // As with the real one, what a pod shows of itself is not checked.
  const secured = startTls({ socket, rejectUnauthorized: false });
  await once(secured, "secureConnect");
  return secured;
}

function unreachable(error: unknown, { ip, port }: ProxyTarget): StatusError {
  const { code = "", syscall, message = "" } = error as NodeJS.ErrnoException;
  const why =
    syscall === "connect" || code === "ETIMEDOUT"
      ? `dial tcp ${ip}:${port}: ${goNetworkError(error)}`
      : code.startsWith("ERR_SSL_")
        ? "tls: first record does not look like a TLS handshake"
        : code === "ECONNRESET"
          ? "EOF"
          : message;
  return serviceUnavailable(`error trying to reach service: ${why}`);
}
