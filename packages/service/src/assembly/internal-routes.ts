import type { Exchange } from "../exchange.ts";
import { answerMetrics } from "../metrics/answer-metrics.ts";
import type { MetricsRegistry } from "../metrics/metrics-registry.ts";
import type { Probes } from "../probes/probes.ts";

const metricsPath = "/metrics";

/** The routes that a service answers by itself: probes and scrapes. */
export interface InternalRoutes {
  has(path: string): boolean;
  answer(exchange: Exchange): boolean;
}

/** Makes the routes of probes and metrics. */
export function createInternalRoutes(probes: Probes, registry: MetricsRegistry): InternalRoutes {
  return {
    has: (path) => path === metricsPath || probes.isProbe(path),
    answer(exchange) {
      if (exchange.path !== metricsPath) return probes.answer(exchange);
      answerMetrics(exchange, registry);
      return true;
    },
  };
}
