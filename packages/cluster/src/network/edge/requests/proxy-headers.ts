import { randomFillSync } from "node:crypto";
import { hopByHopHeaders } from "../../../hop-by-hop-headers.ts";
import type { ProxyBehavior } from "../proxy-behavior.ts";
import type { EdgeRequest } from "./edge-request.ts";

const ownHeaders = new Set([
  "host",
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
export function requestIdOf({ headers }: EdgeRequest): string {
  const own = headers["x-request-id"];
  return typeof own === "string" && own !== "" ? own : newId();
}

/** 16 random bytes in hex, as nginx's `$request_id`. They are drawn for many at once. */
function newId(): string {
  if (used === drawn.length) randomFillSync(drawn);
  used = (used % drawn.length) + 16;
  return drawn.toString("hex", used - 16, used);
}

const drawn = Buffer.alloc(4_096);
let used = drawn.length;

/** The headers that the pod gets, except those of the connection and the body's length. */
export function headersForPod(
  { host, headers: sent, rawHeaders, connection }: EdgeRequest,
  forwarded: ProxyBehavior["forwarded"],
  requestId: string,
): string[] {
  const { clientIp, isTls, port } = connection;
  const before = sent["x-forwarded-for"];
  const scheme = isTls ? "https" : "http";
  const append = forwarded === "append" && before !== undefined;
  return [
    // A request of HTTP/1.0 may name none.
    ...(host === "" ? [] : ["Host", host]),
    ...passedOn(rawHeaders, (name) => ownHeaders.has(name) || name === "content-length"),
    "X-Request-ID",
    requestId,
    "X-Real-IP",
    clientIp,
    "X-Forwarded-For",
    append ? `${String(before)}, ${clientIp}` : clientIp,
    "X-Forwarded-Host",
    host,
    "X-Forwarded-Port",
    String(port),
    "X-Forwarded-Proto",
    scheme,
    "X-Forwarded-Scheme",
    scheme,
  ];
}

/** The headers of a pod's answer that the client gets. */
export function headersForClient(rawHeaders: readonly string[], serverHeader: string | undefined): string[] {
  const headers = passedOn(rawHeaders, (name) => name === "server" && serverHeader !== undefined);
  if (serverHeader !== undefined && serverHeader !== "") headers.push("Server", serverHeader);
  return headers;
}

function passedOn(rawHeaders: readonly string[], isDropped: (name: string) => boolean): string[] {
  const listed = namedByConnection(rawHeaders);
  const kept: string[] = [];
  for (let index = 0; index + 1 < rawHeaders.length; index += 2) {
    const name = rawHeaders[index] ?? "";
    const lower = name.toLowerCase();
    if (hopByHopHeaders.has(lower) || listed.includes(lower) || isDropped(lower)) continue;
    kept.push(name, rawHeaders[index + 1] ?? "");
  }
  return kept;
}

/** RFC 9110 §7.6.1: what `Connection` names speaks of the connection, too. */
function namedByConnection(rawHeaders: readonly string[]): string[] {
  const named: string[] = [];
  for (let index = 0; index + 1 < rawHeaders.length; index += 2)
    if (rawHeaders[index]?.toLowerCase() === "connection")
      named.push(...(rawHeaders[index + 1] ?? "").split(",").map((name) => name.trim().toLowerCase()));
  return named;
}
