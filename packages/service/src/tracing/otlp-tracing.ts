import { context, trace, type TracerProvider as ApiTracerProvider } from "@opentelemetry/api";
import { AsyncLocalStorageContextManager } from "@opentelemetry/context-async-hooks";
import { OTLPTraceExporter } from "@opentelemetry/exporter-trace-otlp-http";
import { defaultResource, resourceFromAttributes } from "@opentelemetry/resources";
import { TracerProvider } from "@opentelemetry/sdk-trace";
import { followExchange, recordedContext, unrecordedContext } from "./exchange-context.ts";
import { createExchangeSpans } from "./exchange-spans.ts";
import { propagationHeaders } from "./propagation.ts";
import { createSampler } from "./sampler.ts";
import { serviceResource } from "./service-resource.ts";
import { createSpanDelivery } from "./span-delivery.ts";
import { newSpanId, newTraceId, type Random } from "./trace-ids.ts";
import type { Tracing, TracingOptions } from "./tracer.ts";
import type { TracingSettings } from "./tracing-settings.ts";

type OtlpTracingOptions = Required<Omit<TracingOptions, "metrics">> &
  Pick<TracingOptions, "metrics"> & {
    readonly settings: TracingSettings;
    /** Where spans are sent to. */
    readonly url: string;
  };

/** How long a disposed tracing waits for its last spans. */
const disposeTimeoutMs = 5_000;

/**
 * Traces with the OpenTelemetry SDK, which only this module and those that it alone imports load: `startTracing` imports
 * it when it is needed. The tracer and the asynchronous context are registered for the whole process, so that
 * instrumented libraries join in.
 */
export function startOtlpTracing(options: OtlpTracingOptions): Tracing {
  const { settings, url, random } = options;
  const delivery = createSpanDelivery(new OTLPTraceExporter({ url }), { ...options, batch: settings.batch });
  const sampler = createSampler(settings.sampler, random);
  const ids = createIdGenerator(random);
  const provider = new TracerProvider({
    resource: defaultResource().merge(resourceFromAttributes(serviceResource(options.service, options.env))),
    sampler: followExchange(sampler),
    idGenerator: ids,
    spanLimits: { attributeValueLengthLimit: settings.maxAttributeLength },
    spanProcessors: [delivery.processor],
  });
  const { observer, spanOf } = createExchangeSpans({
    ...options,
    knownMethods: settings.knownMethods,
    sampler,
    tracer: provider.getTracer("@seaworthy/service"),
    useTraceId: ids.useTraceId,
  });
  const propagation = { tracing: true, b3: settings.b3, b3multi: settings.b3multi, random } as const;
  // Only a library that has asked for a tracer must be kept from tracing in exchanges that are not recorded. Until then
  // they are spared the cost of a context. In exchanges under way at that moment the library may begin a trace.
  let librariesTrace = false;
  let registration = register({
    getTracer(...names) {
      librariesTrace = true;
      return provider.getTracer(...names);
    },
  });
  if (registration === undefined)
    options.log.warn({}, "another OpenTelemetry SDK is registered: its context is used");

  async function shutdown(timeoutMs: number): Promise<boolean> {
    const arrived = await delivery.shutdown(timeoutMs);
    registration?.[Symbol.dispose]();
    registration = undefined;
    return arrived;
  }

  return {
    enabled: true,
    observer,
    run(exchange, run) {
      const span = spanOf(exchange);
      if (span !== undefined) return context.with(recordedContext(span), run, undefined, exchange);
      return librariesTrace ? context.with(unrecordedContext, run, undefined, exchange) : run(exchange);
    },
    propagationHeaders: (exchange) => propagationHeaders(exchange, propagation),
    flush: delivery.flush,
    shutdown,
    async [Symbol.asyncDispose]() {
      await shutdown(disposeTimeoutMs);
    },
  };
}

/** An id generator for the SDK, which can be told the id of the next trace. */
function createIdGenerator(random: Random) {
  let next: string | undefined;
  return {
    generateTraceId(): string {
      const traceId = next ?? newTraceId(random);
      next = undefined;
      return traceId;
    },
    generateSpanId: (): string => newSpanId(random),
    useTraceId(traceId: string): void {
      next = traceId;
    },
  };
}

/** Undefined: another provider was registered before. */
function register(provider: ApiTracerProvider): Disposable | undefined {
  if (!context.setGlobalContextManager(new AsyncLocalStorageContextManager())) return undefined;
  const isTracerOurs = trace.setGlobalTracerProvider(provider);
  return {
    [Symbol.dispose]() {
      if (isTracerOurs) trace.disable();
      context.disable();
    },
  };
}
