import { STATUS_CODES } from "node:http";
import type { Clock } from "../../clock.ts";
import { peerOf, type EndpointState } from "../endpoints/endpoint-state.ts";
import type { EdgeRoute, PodProtocol, ServiceBackend } from "./edge-route.ts";
import { affinityCookie, isOwnPod } from "./pods/affinity.ts";
import type { EdgeRouter } from "./pods/edge-router.ts";
import type { Endable, Upstream, UpstreamAnswer, UpstreamResult } from "./pods/upstream.ts";
import { podHeaderChanges } from "./pod-header-changes.ts";
import type { OwnAnswer, UpstreamFailureKind } from "./proxy-behavior.ts";
import type { EdgeReply, EdgeRequest } from "./requests/edge-request.ts";
import { changeHeaders } from "./requests/header-changes.ts";
import { headersForClient, headersForPod, requestIdOf } from "./requests/proxy-headers.ts";
import { takeBody, type RequestBody } from "./requests/request-body.ts";
import type { RouteMatch } from "./route-table.ts";

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
  readonly request: EdgeRequest;
  readonly reply: EdgeReply;
  readonly match: RouteMatch;
  readonly upstreams: Readonly<Record<PodProtocol, Upstream>>;
  readonly router: EdgeRouter;
  readonly clock: Clock;
  readonly onFailure: (failure: UpstreamFailure) => void;
}

/** A bound for tries that cost none of the allowed ones (dead reused connections). */
const mostTries = 20;

/** Brings one request to a pod and its answer back, or answers it as the route says. */
export async function forward(exchange: Exchange): Promise<void> {
  const { request, match, router } = exchange;
  const { behavior, answer: ownAnswer } = match.route;
  const own = ownAnswer?.(request);
  const backend = own === undefined ? router.draw(match.route) : undefined;
  if (own !== undefined) answer(exchange, own);
  else if (backend === undefined) answer(exchange, behavior.noEndpoints);
  else if (backend.service === undefined) answer(exchange, backend.answer);
  else await forwardTo(backend, exchange);
}

/** Sends an answer of the proxy's own, with what the route changes of every answer. */
export function answer(
  { reply, request, match }: Pick<Exchange, "reply" | "request"> & { readonly match: Answering },
  own: OwnAnswer,
): void {
  if (!reply.isOpen) return;
  const { behavior, responseHeaders } = match.route;
  const headers: string[] = ["Content-Length", String(Buffer.byteLength(own.body)), ...(own.headers ?? [])];
  if (own.contentType !== undefined) headers.push("Content-Type", own.contentType);
  if (behavior.serverHeader !== undefined && behavior.serverHeader !== "")
    headers.push("Server", behavior.serverHeader);
  const head = { status: own.status, reason: STATUS_CODES[own.status] };
  reply.send({ ...head, headers: changeHeaders(headers, responseHeaders?.(request)) }, Buffer.from(own.body));
}

/** Of a route what its own answers depend on. */
interface Answering {
  readonly route: Pick<EdgeRoute, "behavior" | "responseHeaders">;
}

async function forwardTo(backend: ServiceBackend, exchange: Exchange): Promise<void> {
  const { request, match } = exchange;
  const { behavior, protocol = "http", affinity } = match.route;
  const taken = takeBody(request, behavior.requestBuffer?.maxBytes);
  const body = taken instanceof Promise ? await taken : taken;
  if (body.kind === "aborted") return;
  if (body.kind === "too-large") {
    answer(exchange, behavior.bodyTooLarge);
    return;
  }
  const requestId = requestIdOf(request);
  const headers = podHeaders(exchange, backend, requestId, body);
  mirror(exchange, headers, body);
  const abort = abortWithClient(exchange);
  let triesLeft = behavior.tries;
  let samePeer: EndpointState | undefined;
  for (let count = 1; count <= mostTries; count += 1) {
    // A client comes back to its pod at the first try only: one that failed is not tried again.
    const isOwn = count === 1 && affinity !== undefined ? isOwnPod(affinity, request) : undefined;
    const endpoint = samePeer ?? exchange.router.next(backend, request.connection.worker, isOwn);
    if (endpoint === undefined) {
      answer(exchange, behavior.noEndpoints);
      return;
    }
    const result = await exchange.upstreams[protocol].try({
      ip: endpoint.ip,
      port: endpoint.port,
      method: request.method,
      target: match.target,
      headers,
      body: body.kind === "whole" ? body.bytes : body.kind === "flowing" ? body.stream : undefined,
      connectTimeoutMs: behavior.connectTimeoutMs,
      readTimeoutMs: behavior.readTimeoutMs,
      onStart: abort.watch,
    });
    if (abort.happened()) return;
    if (result.kind === "answered") {
      passAnswer(exchange, backend, endpoint, result.answer);
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
      source: match.route.source,
      peer: peerOf(endpoint),
      kind: failure,
      code,
      retried,
    });
    if (!retried) {
      answer(exchange, behavior.failure(failure, code));
      return;
    }
    samePeer = behavior.retry === "replay-reused" ? endpoint : undefined;
  }
}

/** Sends copies. A body that flows is not copied: a slow mirror would slow the request down. */
function mirror(
  { request, match, router, upstreams }: Exchange,
  headers: readonly string[],
  body: RequestBody,
): void {
  if (body.kind === "flowing") return;
  const { route, target } = match;
  for (const { backend } of router.mirrorsOf(route)) {
    const endpoint = router.next(backend, request.connection.worker);
    if (endpoint === undefined) continue;
    const { ip, port } = endpoint;
    const { method } = request;
    const { connectTimeoutMs, readTimeoutMs } = route.behavior;
    const bytes = body.kind === "whole" ? body.bytes : undefined;
    void upstreams[route.protocol ?? "http"]
      .try({ ip, port, method, target, headers, body: bytes, connectTimeoutMs, readTimeoutMs, onStart() {} })
      .then((result) => {
        if (result.kind === "answered" && !Buffer.isBuffer(result.answer.body))
          result.answer.body.on("error", () => {}).resume();
      });
  }
}

function mayRetry(
  { match, request: { method } }: Exchange,
  result: Extract<UpstreamResult, { kind: "failed" }>,
  body: RequestBody,
  triesLeft: number,
): boolean {
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

function podHeaders(
  { request, match: { route } }: Exchange,
  backend: ServiceBackend,
  requestId: string,
  body: RequestBody,
): readonly string[] {
  const headers = headersForPod(request, route.behavior.forwarded, requestId);
  const { "content-length": length, te } = request.headers;
  if (body.kind === "whole") headers.push("Content-Length", String(body.bytes.length));
  else if (length !== undefined) headers.push("Content-Length", length);
  else if (body.kind === "flowing") headers.push("Transfer-Encoding", "chunked");
  // gRPC servers insist on it (gRPC over HTTP2, "Request-Headers").
  if (route.protocol === "h2c" && te === "trailers") headers.push("TE", "trailers");
  return changeHeaders(headers, ...podHeaderChanges(route, backend));
}

function passAnswer(
  { request, reply, match: { route } }: Exchange,
  backend: ServiceBackend,
  endpoint: EndpointState,
  { status, reason, rawHeaders, body, trailers }: UpstreamAnswer,
): void {
  const headers = changeHeaders(
    headersForClient(rawHeaders, route.behavior.serverHeader),
    route.responseHeaders?.(request),
    backend.responseHeaders,
    route.affinity && affinityCookie(route.affinity, request, endpoint),
  );
  const head = { status, reason, headers, ...(trailers === undefined ? {} : { trailers }) };
  if (Buffer.isBuffer(body)) reply.send(head, body);
  // Bytes that the client has cannot be taken back: what breaks from here on breaks the client's connection too.
  else body.on("error", () => reply.cut()).pipe(reply.begin(head));
}

/** Ends the call to the pod when the client goes away or the whole answer takes too long. */
function abortWithClient({ reply, match, clock }: Exchange) {
  const { answerTimeoutMs } = match.route.behavior;
  let current: Endable | undefined;
  let gone = false;
  let expired = false;
  const cancel =
    answerTimeoutMs === undefined
      ? undefined
      : clock.after(answerTimeoutMs, () => {
          expired = true;
          current?.destroy(Object.assign(new Error("the answer took too long"), { code: "ETIMEDOUT" }));
        });
  reply.onEnd((isWhole) => {
    cancel?.();
    if (isWhole) return;
    gone = true;
    current?.destroy();
  });
  return {
    watch: (request: Endable) => {
      current = request;
      if (gone || expired) request.destroy();
    },
    happened: () => gone,
    expired: () => expired,
  };
}
