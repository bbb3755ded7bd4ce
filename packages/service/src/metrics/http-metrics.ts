import { type Exchange, type ExchangeObserver, statusOf } from "../exchange.ts";
import type { MetricsRegistry } from "./metrics-registry.ts";
import { addPodinfoMetrics } from "./podinfo-metrics.ts";
import { standardMethods } from "../known-methods.ts";

/** Options for the metrics of HTTP exchanges. */
export interface HttpMetricsOptions {
  /** `podinfo`: the two metrics of podinfo as well, for the dashboards and autoscalers that ask for them. */
  readonly compat?: "none" | "podinfo";
  /** The methods that are a label value of their own, in place of the default ones; case counts. */
  readonly knownMethods?: Iterable<string>;
}

/**
 * Measures exchanges as OpenTelemetry names them (https://opentelemetry.io/docs/specs/semconv/http/http-metrics/): the
 * histogram `http_server_request_duration_seconds` and the gauge `http_server_active_requests`.
 *
 * An exchange without a route has the route `unmatched`, never its path. When it ended before a status was sent, its
 * status is 499 when the client gave it up, as nginx has it, and 503 when we cut it; otherwise the status that was
 * sent. `error_type` is the exception's name, else `cut`, else the status from 500 on. It stays empty for a client
 * that went away, because every event stream ends in this way.
 */
export function createHttpMetrics(
  registry: MetricsRegistry,
  { compat = "none", knownMethods = standardMethods }: HttpMetricsOptions = {},
): Required<ExchangeObserver> {
  let active = 0;
  registry.observe(
    "http_server_active_requests",
    "Requests that have begun and not ended.",
    "gauge",
    () => active,
  );
  const duration = registry.histogram(
    "http_server_request_duration_seconds",
    "From a request's head to the end of its answer.",
    boundsSeconds,
    httpLabels,
  );
  if (compat === "podinfo") addPodinfoMetrics(registry, duration);
  const methods = new Set(knownMethods);
  // One array for all exchanges: the look-up of a series does not keep it.
  const labels = ["", "", "", "", "", ""];

  return {
    begin() {
      active += 1;
    },
    end(exchange, durationMs) {
      active -= 1;
      const { request, trace } = exchange;
      const status = statusOf(exchange);
      labels[0] = methods.has(request.method ?? "") ? (request.method ?? "") : "_OTHER";
      labels[1] = exchange.route ?? "unmatched";
      labels[2] = statusTexts[status] ?? String(status);
      labels[3] = exchange.scheme;
      labels[4] = request.httpVersionMajor === 2 ? "2" : request.httpVersionMinor === 0 ? "1.0" : "1.1";
      labels[5] = exchange.errorType ?? errorType(exchange, status);
      duration.observe(durationMs / 1_000, labels, trace?.sampled === true ? trace : undefined);
    },
  };
}

/** The order in which {@link createHttpMetrics} gives its label values. */
const httpLabels = [
  "http_request_method",
  "http_route",
  "http_response_status_code",
  "url_scheme",
  "network_protocol_version",
  "error_type",
];

const boundsSeconds = [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10];

const statusTexts = Array.from({ length: 1_000 }, (_, status) => String(status));

function errorType({ ending }: Exchange, status: number): string {
  if (ending === "cut") return "cut";
  return status >= 500 ? (statusTexts[status] ?? "") : "";
}
