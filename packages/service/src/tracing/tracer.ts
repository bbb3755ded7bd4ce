import type { Exchange, ExchangeObserver } from "../exchange.ts";
import { type ClientAddress, createClientAddress } from "../log/client-address.ts";
import type { Log } from "../log/log.ts";
import type { MetricsRegistry } from "../metrics/metrics-registry.ts";
import { propagationHeaders } from "./propagation.ts";
import type { ServiceIdentity } from "./service-resource.ts";
import { readTraceContext } from "./trace-context.ts";
import type { Random } from "./trace-ids.ts";
import { readTracingSettings } from "./tracing-settings.ts";

/** A process's part in traces. */
export interface Tracing extends AsyncDisposable {
  /** Whether spans are recorded and sent. If not, traces are only passed on. */
  readonly enabled: boolean;
  /** Begins and ends the span of each exchange, and tells the exchange its trace. */
  readonly observer: Required<ExchangeObserver>;
  /** Calls `run` so that spans which it begins, even later, are children of the exchange's span. */
  run<T>(exchange: Exchange, run: (exchange: Exchange) => T): T;
  /** The headers to add to each request that is sent on behalf of an exchange. */
  propagationHeaders(exchange: Exchange): Record<string, string>;
  /** Sends the spans that have ended. False when some were lost or the time was over. Never rejects. */
  flush(timeoutMs: number): Promise<boolean>;
  /** Does what `flush` does at the end of the process, when no request is left. Further spans are dropped. */
  shutdown(timeoutMs: number): Promise<boolean>;
}

export interface TracingOptions {
  readonly service: ServiceIdentity;
  readonly log: Log;
  /** Gets `tracing_spans_exported_total{result}`. */
  readonly metrics?: Pick<MetricsRegistry, "counter">;
  /** Finds the client behind trusted proxies; the connection's peer when absent. */
  readonly clientAddress?: ClientAddress;
  /** Records queries, which can carry secrets; the values of signatures are left out. */
  readonly recordQuery?: boolean;
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly random?: Random;
  /** A clock in milliseconds, for how often lost spans are logged. */
  readonly now?: () => number;
}

/**
 * Starts tracing as the `OTEL_…` variables say: it is on when `OTEL_EXPORTER_OTLP_ENDPOINT` or
 * `OTEL_EXPORTER_OTLP_TRACES_ENDPOINT` is set and neither `OTEL_SDK_DISABLED` nor `OTEL_TRACES_EXPORTER=none` says
 * otherwise. Only then the OpenTelemetry SDK is loaded. Requests that came before are not traced.
 *
 * Headers, timeout, compression and certificates of the exporter are what `OTEL_EXPORTER_OTLP_…` says in `process.env`.
 */
export async function startTracing(options: TracingOptions): Promise<Tracing> {
  const { env = process.env, log } = options;
  const settings = readTracingSettings(env);
  for (const warning of settings.warnings) log.warn({}, warning);
  const { url } = settings;
  if (url === undefined) return passTracesOn;
  const { startOtlpTracing } = await import("./otlp-tracing.ts");
  return startOtlpTracing({
    clientAddress: createClientAddress(false),
    recordQuery: false,
    random: Math.random,
    now: () => performance.now(),
    ...options,
    settings,
    url,
    env,
  });
}

/** Tracing that is off: traces go through the process as they came. */
export const passTracesOn: Tracing = {
  enabled: false,
  observer: {
    begin(exchange) {
      const remote = readTraceContext(exchange.request.headers);
      if (remote?.traceId === undefined) return;
      const { traceId, parentSpanId: spanId, sampled = false, traceState } = remote;
      exchange.trace = { traceId, spanId, sampled, traceState };
    },
    end: () => undefined,
  },
  run: (exchange, run) => run(exchange),
  propagationHeaders: (exchange) => propagationHeaders(exchange, { tracing: false }),
  flush: () => Promise.resolve(true),
  shutdown: () => Promise.resolve(true),
  [Symbol.asyncDispose]: () => Promise.resolve(),
};
