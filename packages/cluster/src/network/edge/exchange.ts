import { STATUS_CODES, type ClientRequest, type IncomingMessage, type ServerResponse } from "node:http";
import type { Clock } from "../../clock.ts";
import type { EdgeRouter } from "./edge-router.ts";
import { peerOf, type EndpointState } from "../endpoints/endpoint-state.ts";
import type { RouteMatch } from "./route-table.ts";
import type { OwnAnswer, ProxyBehavior, UpstreamFailureKind } from "./proxy-behavior.ts";
import { headersForClient, headersForPod, requestIdOf } from "./proxy-headers.ts";
import { takeBody, type RequestBody } from "./request-body.ts";
import type { Upstream, UpstreamResult } from "./upstream.ts";

/** A try that a pod did not answer, as the ingress proxy would have logged it. */
export interface UpstreamFailure {
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly requestId: string;
  /** The object whose route it was. */
  readonly source: string;
  /** `ip:port` of the pod. */
  readonly peer: string;
  readonly kind: UpstreamFailureKind;
  readonly code: string | undefined;
  /** Whether another try followed. */
  readonly retried: boolean;
}

/** All that one request through the proxy needs. */
export interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly match: RouteMatch;
  readonly worker: number;
  readonly upstream: Upstream;
  readonly router: EdgeRouter;
  readonly clock: Clock;
  readonly onFailure: (failure: UpstreamFailure) => void;
}

/** A bound for tries that cost none of the allowed ones (dead reused connections). */
const mostTries = 20;

/** Brings one request to a pod and its answer back. */
export async function forward(exchange: Exchange): Promise<void> {
  const { request, response } = exchange;
  const { behavior } = exchange.match.route;
  const body = await takeBody(request, behavior.requestBuffer?.maxBytes);
  if (body.kind === "aborted") return;
  if (body.kind === "too-large") {
    answer(response, behavior.bodyTooLarge, behavior);
    return;
  }
  const requestId = requestIdOf(request);
  const headers = podHeaders(exchange, requestId, body);
  const abort = abortWithClient(exchange);
  let triesLeft = behavior.tries;
  let samePeer: EndpointState | undefined;
  for (let count = 1; count <= mostTries; count += 1) {
    const endpoint = samePeer ?? exchange.router.next(exchange.match.route, exchange.worker);
    if (endpoint === undefined) {
      answer(response, behavior.noEndpoints, behavior);
      return;
    }
    const result = await exchange.upstream.try({
      ip: endpoint.ip,
      port: endpoint.port,
      method: request.method ?? "GET",
      target: exchange.match.target,
      headers,
      body: body.kind === "whole" ? body.bytes : body.kind === "flowing" ? body.stream : undefined,
      connectTimeoutMs: behavior.connectTimeoutMs,
      readTimeoutMs: behavior.readTimeoutMs,
      onStart: abort.watch,
    });
    if (abort.happened()) return;
    if (result.kind === "answered") {
      passAnswer(exchange, result.response);
      return;
    }
    const failure = abort.expired() ? "read-timeout" : result.failure;
    // nginx gives the try back when a kept connection was found dead (ngx_http_upstream_next, peer.cached).
    if (!(result.reused && failure === "closed-before-headers")) triesLeft -= 1;
    const retried = !abort.expired() && mayRetry(exchange, result, body, triesLeft) && count < mostTries;
    const { code } = result;
    exchange.onFailure({
      at: exchange.clock.now(),
      requestId,
      source: exchange.match.route.source,
      peer: peerOf(endpoint),
      kind: failure,
      code,
      retried,
    });
    if (!retried) {
      answer(response, behavior.failure(failure, code), behavior);
      return;
    }
    samePeer = behavior.retry === "replay-reused" ? endpoint : undefined;
  }
}

/** Sends an answer of the proxy's own. */
export function answer(response: ServerResponse, own: OwnAnswer, behavior: ProxyBehavior): void {
  if (response.headersSent || response.destroyed) return;
  const headers: string[] = ["Content-Length", String(Buffer.byteLength(own.body))];
  if (own.contentType !== undefined) headers.push("Content-Type", own.contentType);
  if (behavior.serverHeader !== undefined && behavior.serverHeader !== "")
    headers.push("Server", behavior.serverHeader);
  keepClient(response, headers);
  response.writeHead(own.status, STATUS_CODES[own.status], headers);
  response.end(own.body);
}

function mayRetry(
  { match, request }: Exchange,
  result: Extract<UpstreamResult, { kind: "failed" }>,
  body: RequestBody,
  triesLeft: number,
): boolean {
  const method = request.method ?? "GET";
  switch (match.route.behavior.retry) {
    case "none":
      return false;
    case "next-upstream": {
      const nonIdempotent = method === "POST" || method === "LOCK" || method === "PATCH";
      return triesLeft > 0 && !(result.sent && (nonIdempotent || body.kind === "flowing"));
    }
    case "replay-reused":
      // net/http transport.go shouldRetryRequest and request.go isReplayable.
      return (
        result.reused &&
        result.failure === "closed-before-headers" &&
        body.kind === "none" &&
        (method === "GET" || method === "HEAD" || method === "OPTIONS" || method === "TRACE")
      );
  }
}

function podHeaders({ request, match }: Exchange, requestId: string, body: RequestBody): string[] {
  const headers = headersForPod(request, match.route.behavior.forwarded, requestId);
  const length = request.headers["content-length"];
  if (body.kind === "whole") headers.push("Content-Length", String(body.bytes.length));
  else if (length !== undefined) headers.push("Content-Length", length);
  else if (body.kind === "flowing") headers.push("Transfer-Encoding", "chunked");
  return headers;
}

function passAnswer({ response, match }: Exchange, fromPod: IncomingMessage): void {
  const headers = headersForClient(fromPod, match.route.behavior.serverHeader);
  keepClient(response, headers);
  // Bytes that the client has cannot be taken back: what breaks from here on breaks the client's connection too.
  fromPod.on("error", () => {
    response.destroy();
  });
  response.writeHead(fromPod.statusCode ?? 502, fromPod.statusMessage, headers);
  fromPod.pipe(response);
  if (fromPod.headers["content-length"] === undefined) flushSoon(response);
}

/** A streamed answer may begin long after its headers, and the client is to see those at once. */
function flushSoon(response: ServerResponse): void {
  setImmediate(() => {
    if (!response.writableEnded && !response.destroyed) response.flushHeaders();
  });
}

/** Said outright, because Node would add a `Keep-Alive: timeout` hint that none of the proxies sends. */
function keepClient(response: ServerResponse, headers: string[]): void {
  if (response.shouldKeepAlive) headers.push("Connection", "keep-alive");
}

/** Ends the call to the pod when the client goes away or the whole answer takes too long. */
function abortWithClient({ response, match, clock }: Exchange) {
  const { answerTimeoutMs } = match.route.behavior;
  let current: ClientRequest | undefined;
  let gone = false;
  let expired = false;
  const cancel =
    answerTimeoutMs === undefined
      ? undefined
      : clock.after(answerTimeoutMs, () => {
          expired = true;
          current?.destroy(Object.assign(new Error("the answer took too long"), { code: "ETIMEDOUT" }));
        });
  response.once("close", () => {
    cancel?.();
    if (response.writableFinished) return;
    gone = true;
    current?.destroy();
  });
  return {
    watch: (request: ClientRequest) => {
      current = request;
      if (gone || expired) request.destroy();
    },
    happened: () => gone,
    expired: () => expired,
  };
}
