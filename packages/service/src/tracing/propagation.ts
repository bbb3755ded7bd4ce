import type { IncomingHttpHeaders } from "node:http";
import { formatB3Multi, formatB3Single } from "./b3.ts";
import type { Exchange } from "../exchange.ts";
import { newSpanId, newTraceId, type Random } from "./trace-ids.ts";
import { readTraceContext, type RemoteContext, type TraceContext } from "./trace-context.ts";
import { formatTraceparent } from "./traceparent.ts";

/** How the trace of an exchange is passed on to the services that it calls. */
export type PropagationOptions =
  /** This service has no spans: it only passes on what it got. */
  | { readonly tracing: false }
  | {
      readonly tracing: true;
      /** Sends `b3` also for requests that came without it. */
      readonly b3: boolean;
      /** Sends `x-b3-…` also for requests that came without them. */
      readonly b3multi: boolean;
      readonly random: Random;
    };

/**
 * The headers to add to each request that is sent on behalf of an exchange, so that its trace goes on.
 *
 * With tracing they name the exchange's own span as the parent, in W3C Trace Context and in each B3 format that the
 * options or the request ask for. Without tracing they are the request's own, unchanged, by which a service mesh joins
 * its own spans.
 */
export function propagationHeaders(exchange: Exchange, options: PropagationOptions): Record<string, string> {
  const incoming = exchange.request.headers;
  const headers: Record<string, string> = {};
  copy(incoming, passedOn, headers);
  if (!options.tracing) return copy(incoming, spanHeaders, headers);

  const remote = readTraceContext(incoming);
  const trace = (exchange.trace ??= unrecordedTrace(remote, options.random));
  const debug = remote?.debug ?? false;
  headers["traceparent"] = formatTraceparent(trace);
  if (trace.traceState !== undefined) headers["tracestate"] = trace.traceState;
  if (options.b3 || incoming["b3"] !== undefined) headers["b3"] = formatB3Single(trace, debug);
  if (options.b3multi || b3MultiHeaders.some((name) => incoming[name] !== undefined)) {
    Object.assign(headers, formatB3Multi(trace, debug));
  }
  return headers;
}

/**
 * The trace of an exchange that is not recorded here. Where the caller does not record it either, its span stays the
 * current one, because it may have a recorded ancestor. Otherwise the change of the decision asks for a new span id
 * (https://www.w3.org/TR/trace-context/#mutating-the-traceparent-field). Without a caller the ids are new.
 */
export function unrecordedTrace(remote: RemoteContext | undefined, random: Random): TraceContext {
  const keepsSpan = remote?.traceId !== undefined && remote.sampled === false;
  return {
    traceId: remote?.traceId ?? newTraceId(random),
    spanId: keepsSpan ? remote.parentSpanId : newSpanId(random),
    sampled: false,
    traceState: remote?.traceState,
  };
}

/**
 * The headers that are passed on in any case. Istio asks for the request id and the headers of the tracers that Envoy speaks:
 * https://istio.io/latest/about/faq/distributed-tracing/ and
 * https://istio.io/latest/docs/tasks/observability/distributed-tracing/overview/. `baggage` is the application's.
 */
const passedOn = [
  "x-request-id",
  "baggage",
  "x-ot-span-context",
  "x-cloud-trace-context",
  "grpc-trace-bin",
  "x-datadog-trace-id",
  "x-datadog-parent-id",
  "x-datadog-sampling-priority",
] as const;

const b3MultiHeaders = ["x-b3-traceid", "x-b3-spanid", "x-b3-sampled", "x-b3-flags"] as const;

/** The headers that are passed on without tracing, and written anew with tracing. */
const spanHeaders = ["traceparent", "tracestate", "b3", "x-b3-parentspanid", ...b3MultiHeaders] as const;

function copy(
  from: IncomingHttpHeaders,
  names: readonly string[],
  to: Record<string, string>,
): Record<string, string> {
  for (const name of names) {
    const value = from[name];
    if (value !== undefined) to[name] = String(value);
  }
  return to;
}
