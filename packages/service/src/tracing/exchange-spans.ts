import { type Span, SpanKind, SpanStatusCode, type Tracer } from "@opentelemetry/api";
import type { Exchange, ExchangeObserver } from "../exchange.ts";
import { parentContext } from "./exchange-context.ts";
import { unrecordedTrace } from "./propagation.ts";
import type { Sampler } from "./sampler.ts";
import {
  isServerError,
  requestAttributes,
  responseAttributes,
  type ServerSpanOptions,
  spanName,
} from "./server-span.ts";
import { readTraceContext } from "./trace-context.ts";
import type { Random } from "./trace-ids.ts";

/** The spans of the exchanges that are going on. */
export interface ExchangeSpans {
  readonly observer: Required<ExchangeObserver>;
  /** Undefined when the exchange is not recorded. */
  spanOf(exchange: Exchange): Span | undefined;
}

export interface ExchangeSpansOptions extends ServerSpanOptions {
  readonly sampler: Sampler;
  readonly tracer: Tracer;
  /** Makes this the id of the next trace that `tracer` begins. */
  readonly useTraceId: (traceId: string) => void;
  readonly random: Random;
}

/** Records a span for each exchange that is sampled. Makes nothing for an exchange that neither we nor its caller trace. */
export function createExchangeSpans(options: ExchangeSpansOptions): ExchangeSpans {
  const { sampler, tracer, useTraceId, random, knownMethods } = options;
  const spans = new WeakMap<Exchange, Span>();

  function spanOf(exchange: Exchange): Span | undefined {
    return exchange.trace?.sampled === true ? spans.get(exchange) : undefined;
  }

  return {
    spanOf,
    observer: {
      begin(exchange) {
        if (exchange.internal) return;
        const remote = readTraceContext(exchange.request.headers);
        const traceId = sampler.traceIdFor(remote);
        if (traceId === undefined) {
          // The log should have the id of a trace that others began.
          if (remote?.traceId !== undefined) exchange.trace = unrecordedTrace(remote, random);
          return;
        }
        if (remote?.traceId === undefined) useTraceId(traceId);
        const span = tracer.startSpan(
          spanName(exchange, knownMethods),
          {
            kind: SpanKind.SERVER,
            attributes: requestAttributes(exchange, options),
            startTime: exchange.startMs,
          },
          parentContext(remote),
        );
        const { spanId } = span.spanContext();
        exchange.trace = { traceId, spanId, sampled: true, traceState: remote?.traceState };
        spans.set(exchange, span);
      },
      end(exchange, durationMs) {
        const span = spanOf(exchange);
        if (span === undefined) return;
        // The route is known only now.
        span.updateName(spanName(exchange, knownMethods));
        span.setAttributes(responseAttributes(exchange));
        if (isServerError(exchange)) span.setStatus({ code: SpanStatusCode.ERROR });
        span.end(exchange.startMs + durationMs);
      },
    },
  };
}
