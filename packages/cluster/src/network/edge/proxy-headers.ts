import { randomUUID } from "node:crypto";
import type { IncomingMessage } from "node:http";
import { TLSSocket } from "node:tls";
import { hopByHopHeaders } from "../../hop-by-hop-headers.ts";
import type { ProxyBehavior } from "./proxy-behavior.ts";

const ownHeaders = new Set([
  "x-forwarded-for",
  "x-forwarded-proto",
  "x-forwarded-host",
  "x-forwarded-port",
  "x-forwarded-scheme",
  "x-real-ip",
  "x-request-id",
  // The proxy has read the body, or is about to: it has answered `100 Continue` itself.
  "expect",
]);

/** The identity of a request: the client's own, else a new one. */
export function requestIdOf(request: IncomingMessage): string {
  const own = request.headers["x-request-id"];
  return typeof own === "string" && own !== "" ? own : randomUUID().replaceAll("-", "");
}

/** The headers that the pod gets, except those of the connection and the body's length. */
export function headersForPod(
  request: IncomingMessage,
  forwarded: ProxyBehavior["forwarded"],
  requestId: string,
): string[] {
  const headers = passedOn(request, (name) => ownHeaders.has(name) || name === "content-length");
  const clientIp = request.socket.remoteAddress ?? "127.0.0.1";
  const host = request.headers.host ?? "";
  const before = request.headers["x-forwarded-for"];
  const scheme = request.socket instanceof TLSSocket ? "https" : "http";
  const append = forwarded === "append" && before !== undefined;
  headers.push(
    "X-Request-ID",
    requestId,
    "X-Real-IP",
    clientIp,
    "X-Forwarded-For",
    append ? `${String(before)}, ${clientIp}` : clientIp,
    "X-Forwarded-Host",
    host,
    "X-Forwarded-Port",
    String(request.socket.localPort ?? 80),
    "X-Forwarded-Proto",
    scheme,
    "X-Forwarded-Scheme",
    scheme,
  );
  return headers;
}

/** The headers of a pod's answer that the client gets. */
export function headersForClient(response: IncomingMessage, serverHeader: string | undefined): string[] {
  const headers = passedOn(response, (name) => name === "server" && serverHeader !== undefined);
  if (serverHeader !== undefined && serverHeader !== "") headers.push("Server", serverHeader);
  return headers;
}

function passedOn(message: IncomingMessage, isDropped: (name: string) => boolean): string[] {
  const named = message.headers.connection?.toLowerCase();
  const listed = named === undefined ? [] : named.split(",").map((name) => name.trim());
  const { rawHeaders } = message;
  const kept: string[] = [];
  for (let index = 0; index + 1 < rawHeaders.length; index += 2) {
    const name = rawHeaders[index] ?? "";
    const lower = name.toLowerCase();
    if (hopByHopHeaders.has(lower) || listed.includes(lower) || isDropped(lower)) continue;
    kept.push(name, rawHeaders[index + 1] ?? "");
  }
  return kept;
}
