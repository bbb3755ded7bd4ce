import type { IncomingMessage } from "node:http";
import { isHttp2Request, type Request } from "../exchange.ts";

/** Whether a request wants to go on in another protocol. A request that reaches the application is not upgraded. */
export function asksForUpgrade(request: Request): request is IncomingMessage {
  return request.headers.upgrade !== undefined && !isHttp2Request(request);
}

/**
 * Whether Node may have lost bytes that were sent behind such a request: Node drops the rest of what it has read by then, in
 * all versions so far. The next request would be lost, or its body taken for a request, so the connection must end. Clients
 * that offer h2c with each first request send nothing behind it, and can stay: `bytesRead`, the bytes read since the
 * connection was idle, is then the head and no more.
 */
export function mayHaveLost(request: IncomingMessage, bytesRead: number): boolean {
  const { headers } = request;
  const hasBody = headers["transfer-encoding"] !== undefined || headers["content-length"] !== undefined;
  return hasBody || bytesRead !== usualHeadBytes(request);
}

/** A head's length when each header has one space after its colon, as nearly all clients write it. */
function usualHeadBytes({ method = "", url = "", httpVersion, rawHeaders }: IncomingMessage): number {
  let bytes = `${method} ${url} HTTP/${httpVersion}\r\n\r\n`.length;
  for (const text of rawHeaders) bytes += text.length + 2; // Two for ": ", and two for the line's end.
  return bytes;
}
