import type { IncomingMessage, ServerResponse } from "node:http";
import type { ClientConnection, EdgeReply, EdgeRequest } from "./edge-request.ts";

/** A request in HTTP/1.1. */
export function http1Request(message: IncomingMessage, connection: ClientConnection): EdgeRequest {
  const { headers, rawHeaders } = message;
  const length = headers["content-length"];
  const isEmpty = headers["transfer-encoding"] === undefined && (length === undefined || length === "0");
  return {
    method: message.method ?? "GET",
    host: headers.host ?? "",
    target: message.url ?? "/",
    headers,
    rawHeaders,
    body: isEmpty ? undefined : message,
    connection,
  };
}

/** The way back to a client that speaks HTTP/1.1. `closes` says, when an answer begins, whether the connection ends with it. */
export function http1Reply(response: ServerResponse, closes: () => boolean): EdgeReply {
  return {
    get isOpen() {
      return !response.headersSent && !response.destroyed;
    },
    begin({ status, reason, headers }) {
      if (closes()) response.shouldKeepAlive = false;
      // Said outright, because Node would add a `Keep-Alive: timeout` hint that none of the proxies sends.
      const all = response.shouldKeepAlive ? [...headers, "Connection", "keep-alive"] : [...headers];
      response.writeHead(status, reason, all);
      // Not `hasHeader`, which knows nothing of headers that are given all at once.
      const hasLength = headers.some((text, at) => at % 2 === 0 && text.toLowerCase() === "content-length");
      if (!hasLength) flushSoon(response);
      return response;
    },
    cut: () => response.destroy(),
    onEnd: (listener) => response.once("close", () => listener(response.writableFinished)),
  };
}

/** A streamed answer may begin long after its headers, and the client is to see those at once. */
function flushSoon(response: ServerResponse): void {
  setImmediate(() => {
    if (!response.writableEnded && !response.destroyed) response.flushHeaders();
  });
}
