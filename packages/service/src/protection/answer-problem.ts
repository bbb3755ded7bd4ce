import type { ServerResponse } from "node:http";
import { type Exchange, isHttp2Request, type Request } from "../exchange.ts";

/** An answer that the library gives in the application's place. */
export interface Problem {
  /** From 200 to 599. */
  readonly status: number;
  /** The problem in a few words, for the client. */
  readonly title: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Ends the connection after the answer. On HTTP/2 only the stream ends. */
  readonly close?: boolean;
  /** The request's body has no end that can be waited for. */
  readonly endless?: boolean;
}

/** How long a client may go on sending a body that was refused, before its connection is closed. */
const lingerMs = 1_000;
const withoutBody = new Set([204, 205, 304]);

/** Answers with problem details as JSON: https://www.rfc-editor.org/rfc/rfc9457 */
export function answerProblem({ request, response: either }: Exchange, problem: Problem): void {
  const { status, title, headers = {}, close = false, endless = false } = problem;
  const response = either as ServerResponse; // HTTP/2's answer has the same methods.
  response.statusCode = status;
  for (const name in headers) response.setHeader(name, headers[name] ?? "");
  const body = withoutBody.has(status) ? undefined : `${JSON.stringify({ title, status })}\n`;
  if (body !== undefined) {
    response.setHeader("content-type", "application/problem+json");
    response.setHeader("content-length", Buffer.byteLength(body));
  }
  const sent = request.method === "HEAD" ? undefined : body;
  if (!close) {
    response.end(sent);
  } else if ("stream" in either) {
    response.end(sent);
    // RFC 9113, section 8.1: after the whole answer, NO_ERROR asks the client to stop sending.
    if (bringsBody(request)) either.stream.close(0);
  } else {
    response.shouldKeepAlive = false;
    // A client that waits for 100 has not sent the body, and will not.
    if (bringsBody(request) && request.headers.expect === undefined && !endless)
      endAfterBody(request, response, sent);
    else response.end(sent);
  }
}

/** Whether a body follows the head. */
export function bringsBody(request: Request): boolean {
  if (isHttp2Request(request)) return !request.stream.endAfterHeaders;
  const { headers } = request;
  return headers["transfer-encoding"] !== undefined || (headers["content-length"] ?? "0") !== "0";
}

/**
 * Sends the whole answer, and holds back the end of the connection until the client has stopped sending: the kernel
 * resets a connection that is closed over unread bytes, and the answer can be lost with it. RFC 9112, section 9.6.
 */
function endAfterBody(request: Request, response: ServerResponse, body: string | undefined): void {
  if (body === undefined) response.flushHeaders();
  else response.write(body);
  const timer = setTimeout(end, lingerMs);
  function end(): void {
    clearTimeout(timer);
    response.end();
  }
  request.once("end", end);
  response.once("close", end);
  request.resume();
}
