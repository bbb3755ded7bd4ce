import { BatchSpanProcessor, type SpanExporter, type SpanProcessor } from "@opentelemetry/sdk-trace";
import { within } from "../lifecycle/within.ts";
import type { Log } from "../log/log.ts";
import type { MetricsRegistry } from "../metrics/metrics-registry.ts";
import type { BatchSettings } from "./tracing-settings.ts";

/** Takes ended spans to the collector and keeps account of them. */
export interface SpanDelivery {
  readonly processor: SpanProcessor;
  /**
   * Sends what has ended so far. True when all of it has arrived within the time; false also when spans were lost on
   * the way. Never rejects.
   */
  flush(timeoutMs: number): Promise<boolean>;
  /** Does what `flush` does, and takes no more spans. */
  shutdown(timeoutMs: number): Promise<boolean>;
}

export interface SpanDeliveryOptions {
  readonly batch: BatchSettings;
  readonly log: Log;
  /** Gets `tracing_spans_exported_total{result}`. */
  readonly metrics?: Pick<MetricsRegistry, "counter">;
  /** A clock in milliseconds. */
  readonly now: () => number;
}

/** `ExportResultCode.SUCCESS`, of a package that is no dependency of ours. */
const exportSucceeded = 0;

/** Lost spans are logged at most this often. */
const logIntervalMs = 60_000;

/** Batches spans for an exporter, within the given limits. Spans that find the queue full are dropped. */
export function createSpanDelivery(exporter: SpanExporter, options: SpanDeliveryOptions): SpanDelivery {
  const { batch, log, metrics, now } = options;
  const counter = metrics?.counter("tracing_spans_exported_total", "Spans by what became of them.", [
    "result",
  ]);
  const success = counter?.child(["success"]);
  const losses = { failure: counter?.child(["failure"]), dropped: counter?.child(["dropped"]) };
  let waiting = 0;
  let lost = 0;
  let logged = 0;
  let nextLogMs = -Infinity;
  let stopped = false;

  function lose(result: keyof typeof losses, spans: number, error: unknown): void {
    losses[result]?.increment(spans);
    lost += spans;
    if (now() < nextLogMs) return;
    nextLogMs = now() + logIntervalMs;
    log.warn({ result, lostSpans: lost - logged, err: error }, "spans were lost");
    logged = lost;
  }

  const processor = new BatchSpanProcessor({
    ...batch,
    exporter: {
      export(spans, done) {
        waiting -= spans.length;
        exporter.export(spans, (result) => {
          if ((result.code as number) === exportSucceeded) success?.increment(spans.length);
          else lose("failure", spans.length, result.error);
          done(result);
        });
      },
      shutdown: () => exporter.shutdown(),
    },
  });

  async function settle(send: () => Promise<void>, timeoutMs: number): Promise<boolean> {
    const lostBefore = lost;
    // The first batch that is lost ends `send`, but others may still be on their way: the exporter waits for those.
    const settled = Promise.allSettled([send()]).then(() => Promise.allSettled([exporter.forceFlush?.()]));
    return (await within(timeoutMs, settled)) && lost === lostBefore;
  }

  return {
    processor: {
      onStart: () => undefined,
      onEnd(span) {
        // The batch processor has the same limit, but does not tell what it drops.
        if (stopped || waiting >= batch.maxQueueSize) return lose("dropped", 1, undefined);
        waiting += 1;
        processor.onEnd(span);
      },
      forceFlush: () => processor.forceFlush(),
      shutdown: () => processor.shutdown(),
    },
    flush: (timeoutMs) => settle(() => processor.forceFlush(), timeoutMs),
    shutdown(timeoutMs) {
      stopped = true;
      return settle(() => processor.shutdown(), timeoutMs);
    },
  };
}
