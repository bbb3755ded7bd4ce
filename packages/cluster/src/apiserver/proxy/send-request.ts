import { request as sendHttp, type IncomingHttpHeaders, type IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import type { Socket } from "node:net";
import type { ApiRequest } from "@seaworthy/client";
import { hopByHopHeaders } from "../../hop-by-hop-headers.ts";

/** A request as it is to be sent on. */
export interface SentRequest extends Pick<ApiRequest, "method" | "body" | "signal"> {
  /** The path with its query. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string | string[]>>;
}

/** What came back: an answer, or the connection itself once its protocol has changed, with the bytes that came early. */
export interface Received {
  readonly answer: IncomingMessage;
  readonly upgraded?: { readonly socket: Duplex; readonly head: Buffer };
}

/** Sends a request over a connection that serves for it alone. */
export async function sendRequest(
  socket: Socket,
  { method, headers, path, body = "", signal }: SentRequest,
): Promise<Received> {
  const sent = sendHttp({
    createConnection: () => socket,
    method,
    path,
    headers,
    ...(signal === undefined ? {} : { signal }),
  });
  const { promise, resolve, reject } = Promise.withResolvers<Received>();
  sent.once("response", (answer) => resolve({ answer }));
  sent.once("upgrade", (answer, upgraded, head) => resolve({ answer, upgraded: { socket: upgraded, head } }));
  // One that comes after the answer has begun is told by the answer.
  sent.on("error", reject);
  sent.end(body);
  return await promise;
}

/**
 * The headers of a request that is sent on. Credentials, and as whom the sender wants to be served, are for this server, and not for
 * what is behind it.
 */
export function forwardedHeaders({ headers, body }: ApiRequest, uri: string): Record<string, string> {
  const { authorization: _authorization, "content-length": _length, ...rest } = withoutHops(headers);
  const kept = Object.fromEntries(Object.entries(rest).filter(([name]) => !name.startsWith("impersonate-")));
  const forwarded = headers["x-forwarded-for"];
  return {
    ...kept,
    ...(body === undefined ? {} : { "content-length": String(Buffer.byteLength(body)) }),
    "x-forwarded-for": forwarded === undefined ? "127.0.0.1" : `${forwarded}, 127.0.0.1`,
    "x-forwarded-uri": uri,
  };
}

/** Headers without those that speak of one connection. */
export function withoutHops<T extends IncomingHttpHeaders | Readonly<Record<string, string>>>(headers: T): T {
  const listed = (headers["connection"] ?? "").toLowerCase().split(",");
  const dropped = new Set([...hopByHopHeaders, ...listed.map((name) => name.trim())]);
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !dropped.has(name))) as T;
}
