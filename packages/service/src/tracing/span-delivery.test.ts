import assert from "node:assert/strict";
import { test } from "node:test";
import { OTLPTraceExporter } from "@opentelemetry/exporter-trace-otlp-http";
import { TracerProvider } from "@opentelemetry/sdk-trace";
import { createMetricsRegistry } from "../metrics/metrics-registry.ts";
import { createSpanDelivery } from "./span-delivery.ts";
import { startOtlpReceiver } from "./testing/otlp-receiver.ts";

/** A delivery to a receiver, with a clock that stands until it is set. */
async function start(batch: { maxQueueSize?: number; scheduledDelayMillis?: number } = {}) {
  const receiver = await startOtlpReceiver();
  const metrics = createMetricsRegistry();
  const lines: { lostSpans: number; result: string }[] = [];
  const clock = { ms: 0 };
  const exporter = new OTLPTraceExporter({ url: `${receiver.endpoint}/v1/traces`, timeoutMillis: 500 });
  const delivery = createSpanDelivery(exporter, {
    batch: {
      maxQueueSize: 100,
      maxExportBatchSize: 10,
      scheduledDelayMillis: 600_000,
      exportTimeoutMillis: 10_000,
      ...batch,
    },
    log: {
      debug: assert.fail,
      info: assert.fail,
      error: assert.fail,
      warn: (fields) => lines.push(fields as (typeof lines)[number]),
    },
    metrics,
    now: () => clock.ms,
  });
  const tracer = new TracerProvider({ spanProcessors: [delivery.processor] }).getTracer("test");
  return {
    receiver,
    delivery,
    lines,
    clock,
    end(count: number) {
      for (let index = 0; index < count; index += 1) tracer.startSpan(`span ${index}`).end();
    },
    async counted(result: string): Promise<number> {
      const { body } = await metrics.render();
      return Number(body.match(`tracing_spans_exported_total{result="${result}"} (\\d+)`)?.[1]);
    },
    [Symbol.asyncDispose]: () => receiver[Symbol.asyncDispose](),
  };
}

test("a flush sends everything, in batches", async () => {
  await using delivering = await start();
  const { delivery, receiver, end, counted, lines } = delivering;
  end(25);
  assert.equal(await delivery.flush(10_000), true);
  assert.deepEqual([receiver.spans.length, receiver.requests.length], [25, 3]);
  assert.deepEqual(
    [await counted("success"), await counted("failure"), await counted("dropped")],
    [25, 0, 0],
  );
  assert.equal(await delivery.flush(10_000), true);
  assert.deepEqual(lines, []);
});

test("spans that the collector refuses are counted, and logged once a minute", async () => {
  await using delivering = await start();
  const { delivery, receiver, end, counted, lines, clock } = delivering;
  receiver.status = 400;
  end(2);
  assert.equal(await delivery.flush(10_000), false);
  clock.ms = 59_999;
  end(3);
  assert.equal(await delivery.flush(10_000), false);
  assert.deepEqual(
    lines.map(({ result, lostSpans }) => [result, lostSpans]),
    [["failure", 2]],
  );
  clock.ms = 60_000;
  end(4);
  assert.equal(await delivery.flush(10_000), false);
  assert.deepEqual(
    lines.map(({ lostSpans }) => lostSpans),
    [2, 7],
  );
  assert.deepEqual([await counted("success"), await counted("failure")], [0, 9]);
  receiver.status = 200;
  end(1);
  assert.equal(await delivery.flush(10_000), true);
});

test("spans beyond the queue's size are dropped and counted", async () => {
  await using delivering = await start({ maxQueueSize: 12 });
  const { delivery, receiver, end, counted, lines } = delivering;
  // A full batch of 10 leaves the queue at once, 12 wait, and 3 find it full.
  end(25);
  assert.equal(await counted("dropped"), 3);
  assert.deepEqual(
    lines.map(({ result, lostSpans }) => [result, lostSpans]),
    [["dropped", 1]],
  );
  assert.equal(await delivery.flush(10_000), true);
  end(12);
  assert.equal(await delivery.flush(10_000), true);
  assert.deepEqual([receiver.spans.length, await counted("dropped")], [34, 3]);
});

test("a flush waits for what is on its way already, as long as it may", async () => {
  await using delivering = await start({ scheduledDelayMillis: 0 });
  const { delivery, receiver, end } = delivering;
  receiver.status = "never";
  const sent = receiver.nextRequest();
  end(1);
  await sent;
  assert.equal(await delivery.flush(10), false);
});

test("a shutdown sends the last spans, and takes no more", async () => {
  await using delivering = await start();
  const { delivery, receiver, end, counted } = delivering;
  end(2);
  assert.equal(await delivery.shutdown(10_000), true);
  assert.equal(receiver.spans.length, 2);
  end(1);
  assert.equal(await counted("dropped"), 1);
  assert.equal(await delivery.shutdown(10_000), true);
  assert.equal(receiver.spans.length, 2);
});

test("a shutdown that finds no collector ends all the same", async () => {
  await using delivering = await start();
  const { delivery, receiver, end, counted } = delivering;
  await receiver[Symbol.asyncDispose]();
  end(1);
  assert.equal(await delivery.shutdown(10_000), false);
  assert.equal(await counted("failure"), 1);
});
