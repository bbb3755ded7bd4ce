import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { test } from "node:test";
import { promisify } from "node:util";
import { context, trace } from "@opentelemetry/api";
import { AsyncLocalStorageContextManager } from "@opentelemetry/context-async-hooks";
import type { Log } from "../log/log.ts";
import { exampleExchange, sendHead } from "./testing/example-exchange.ts";
import { type OtlpReceiver, startOtlpReceiver } from "./testing/otlp-receiver.ts";
import { startTracing, type Tracing, type TracingOptions } from "./tracer.ts";

const traceId = "4bf92f3577b34da6a3ce929d0e0e4736";
const parentId = "00f067aa0ba902b7";
const quiet: Log = { debug: assert.fail, info: assert.fail, warn: assert.fail, error: assert.fail };

async function start(receiver: OtlpReceiver, options: Partial<TracingOptions> = {}): Promise<Tracing> {
  const env = { OTEL_EXPORTER_OTLP_ENDPOINT: receiver.endpoint, OTEL_BSP_SCHEDULE_DELAY: "600000" };
  return startTracing({ service: { name: "test" }, log: quiet, ...options, env: { ...env, ...options.env } });
}

/** The span of a library that knows nothing of us. */
function librarySpan(name: string): void {
  trace.getTracer("library").startSpan(name).end();
}

test("nothing of OpenTelemetry is loaded unless tracing is on", async () => {
  const script = `
    import { registerHooks } from "node:module";
    let loaded = 0;
    registerHooks({ load(url, context, next) {
      if (url.includes("@opentelemetry")) loaded += 1;
      return next(url, context);
    } });
    const { startTracing } = await import("./tracer.ts");
    const log = { warn() {} };
    const tracing = await startTracing({ service: { name: "test" }, log });
    console.log(JSON.stringify({ enabled: tracing.enabled, loaded }));`;
  const run = async (env: Record<string, string>): Promise<{ enabled: boolean; loaded: number }> => {
    const options = { cwd: import.meta.dirname, env: { PATH: process.env["PATH"], ...env } };
    const { stdout } = await promisify(execFile)(
      process.execPath,
      ["--input-type=module", "-e", script],
      options,
    );
    return JSON.parse(stdout) as { enabled: boolean; loaded: number };
  };
  assert.deepEqual(await run({}), { enabled: false, loaded: 0 });
  const on = await run({ OTEL_EXPORTER_OTLP_ENDPOINT: "http://127.0.0.1:9" });
  assert.deepEqual([on.enabled, on.loaded > 0], [true, true]);
});

test("with tracing off an exchange still knows the trace that it is in", async () => {
  await using off = await startTracing({ service: { name: "test" }, log: quiet, env: {} });
  assert.equal(off.enabled, false);
  const exchange = exampleExchange({ traceparent: `00-${traceId}-${parentId}-01`, tracestate: "a=1" });
  off.observer.begin(exchange);
  assert.deepEqual(exchange.trace, { traceId, spanId: parentId, sampled: true, traceState: "a=1" });
  const alone = exampleExchange({ b3: "1" });
  off.observer.begin(alone);
  assert.equal(alone.trace, undefined);
  assert.equal(
    off.run(exchange, () => 7),
    7,
  );
  off.observer.end(exchange, 1);
  assert.deepEqual([await off.flush(0), await off.shutdown(0)], [true, true]);
});

test("spans of libraries are children of the exchange's span, also later", async () => {
  await using receiver = await startOtlpReceiver();
  await using tracing = await start(receiver);
  const exchange = exampleExchange({ traceparent: `00-${traceId}-${parentId}-01` });
  tracing.observer.begin(exchange);
  const result = await tracing.run(exchange, async () => {
    librarySpan("at once");
    await new Promise((resolve) => setImmediate(resolve));
    librarySpan("later");
    return "result";
  });
  assert.equal(result, "result");
  sendHead(exchange, 200);
  tracing.observer.end(exchange, 12.5);
  librarySpan("outside");
  assert.equal(await tracing.flush(10_000), true);

  const spans = new Map(receiver.spans.map((span) => [span.name, span]));
  assert.deepEqual([...spans.keys()].sort(), ["GET", "at once", "later", "outside"]);
  const server = spans.get("GET");
  assert.deepEqual([server?.traceId, server?.parentSpanId, server?.durationMs], [traceId, parentId, 12.5]);
  assert.deepEqual(exchange.trace, { traceId, spanId: server?.spanId, sampled: true, traceState: undefined });
  for (const name of ["at once", "later"]) {
    const { traceId: itsTrace, parentSpanId } = spans.get(name) ?? {};
    assert.deepEqual([itsTrace, parentSpanId], [traceId, server?.spanId]);
  }
  assert.notEqual(spans.get("outside")?.traceId, traceId);
});

test("an exchange that is not recorded leaves nothing, nor do the libraries in it", async () => {
  await using receiver = await startOtlpReceiver();
  let draw = 0;
  const env = { OTEL_TRACES_SAMPLER: "parentbased_traceidratio", OTEL_TRACES_SAMPLER_ARG: "0.5" };
  await using tracing = await start(receiver, { env, random: () => draw });
  // As a library does when it is loaded.
  trace.getTracer("library");
  for (const headers of [{}, { b3: "0" }, { traceparent: `00-${traceId}-${parentId}-00` }]) {
    const exchange = exampleExchange(headers);
    draw = 0;
    tracing.observer.begin(exchange);
    // From here on, a trace that the library itself began would be recorded.
    draw = 0.9;
    await tracing.run(exchange, async () => {
      librarySpan("at once");
      await new Promise((resolve) => setImmediate(resolve));
      librarySpan("later");
    });
    tracing.observer.end(exchange, 1);
    assert.equal(exchange.trace?.traceId, "traceparent" in headers ? traceId : undefined);
  }
  librarySpan("outside");
  assert.equal(await tracing.flush(10_000), true);
  assert.deepEqual(
    receiver.spans.map((span) => span.name),
    ["outside"],
  );
});

test("a new trace has the id that the sampler made, and the next one another", async () => {
  await using receiver = await startOtlpReceiver();
  await using tracing = await start(receiver);
  const exchanges = [{}, { traceparent: `00-${traceId}-${parentId}-01` }, {}].map((headers) =>
    exampleExchange(headers),
  );
  for (const exchange of exchanges) {
    tracing.observer.begin(exchange);
    tracing.observer.end(exchange, 1);
  }
  assert.equal(await tracing.flush(10_000), true);
  assert.deepEqual(
    receiver.spans.map((span) => span.traceId),
    exchanges.map((exchange) => exchange.trace?.traceId),
  );
  assert.equal(new Set(receiver.spans.map((span) => span.traceId)).size, 3);
});

test("probes and metrics, which the library answers itself, are not recorded", async () => {
  await using receiver = await startOtlpReceiver();
  await using tracing = await start(receiver);
  const exchange = exampleExchange();
  exchange.internal = true;
  tracing.observer.begin(exchange);
  tracing.observer.end(exchange, 1);
  await tracing.flush(10_000);
  assert.deepEqual([exchange.trace, receiver.requests.length], [undefined, 0]);
});

test("what is odd in the environment is logged", async () => {
  const lines: string[] = [];
  const log = { ...quiet, warn: (_: object, line: string) => void lines.push(line) };
  await using tracing = await startTracing({
    service: { name: "test" },
    log,
    env: { OTEL_EXPORTER_OTLP_ENDPOINT: "collector" },
  });
  assert.deepEqual([tracing.enabled, lines.length], [false, 1]);
  assert.match(lines[0] ?? "", /^OTEL_EXPORTER_OTLP_ENDPOINT=collector is ignored/);
});

test("where another SDK is registered its context is used and stays", async () => {
  await using receiver = await startOtlpReceiver();
  const earlier = await start(receiver);
  assert.equal(await earlier.shutdown(10_000), true);
  assert.equal(context.setGlobalContextManager(new AsyncLocalStorageContextManager()), true);
  const lines: string[] = [];
  const log = { ...quiet, warn: (_: object, line: string) => void lines.push(line) };
  const tracing = await start(receiver, { log });
  assert.match(lines.join(), /^another OpenTelemetry SDK is registered/);
  const exchange = exampleExchange();
  tracing.observer.begin(exchange);
  const active = tracing.run(exchange, () => trace.getActiveSpan()?.spanContext().spanId);
  assert.ok(active !== undefined);
  assert.equal(active, exchange.trace?.spanId);
  tracing.observer.end(exchange, 1);
  assert.deepEqual([await tracing.shutdown(10_000), await earlier.shutdown(10_000)], [true, true]);
  assert.equal(receiver.spans.length, 1);
  assert.equal(context.setGlobalContextManager(new AsyncLocalStorageContextManager()), false);
  context.disable();
});
