import assert from "node:assert/strict";
import { test } from "node:test";
import { serviceResource } from "./service-resource.ts";
import { readTracingSettings } from "./tracing-settings.ts";

test("an endpoint turns tracing on", () => {
  const url = (env: Record<string, string>): string | undefined => readTracingSettings(env).url;
  const base = { OTEL_EXPORTER_OTLP_ENDPOINT: "http://collector:4318" };
  assert.equal(url({}), undefined);
  assert.equal(url({ OTEL_EXPORTER_OTLP_ENDPOINT: " " }), undefined);
  assert.equal(url(base), "http://collector:4318/v1/traces");
  assert.equal(url({ OTEL_EXPORTER_OTLP_ENDPOINT: "https://c/otlp/" }), "https://c/otlp/v1/traces");
  assert.equal(url({ ...base, OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: "http://c/t" }), "http://c/t");
  assert.equal(url({ ...base, OTEL_SDK_DISABLED: "TRUE" }), undefined);
  assert.equal(url({ ...base, OTEL_SDK_DISABLED: "1" }), "http://collector:4318/v1/traces");
  assert.equal(url({ ...base, OTEL_TRACES_EXPORTER: "none" }), undefined);
  assert.equal(url({ ...base, OTEL_TRACES_EXPORTER: "otlp" }), "http://collector:4318/v1/traces");
});

test("the six samplers", () => {
  const sampler = (name?: string, arg?: string): unknown =>
    readTracingSettings({ OTEL_TRACES_SAMPLER: name, OTEL_TRACES_SAMPLER_ARG: arg }).sampler;
  assert.deepEqual(sampler(), { parentBased: true, ratio: 1 });
  assert.deepEqual(sampler(undefined, "0.1"), { parentBased: true, ratio: 1 });
  assert.deepEqual(sampler("always_on", "0.1"), { parentBased: false, ratio: 1 });
  assert.deepEqual(sampler("Always_Off"), { parentBased: false, ratio: 0 });
  assert.deepEqual(sampler("traceidratio", "0.25"), { parentBased: false, ratio: 0.25 });
  assert.deepEqual(sampler("traceidratio"), { parentBased: false, ratio: 1 });
  assert.deepEqual(sampler("parentbased_always_on"), { parentBased: true, ratio: 1 });
  assert.deepEqual(sampler("parentbased_always_off"), { parentBased: true, ratio: 0 });
  assert.deepEqual(sampler("parentbased_traceidratio", "0"), { parentBased: true, ratio: 0 });
});

test("limits, propagators and methods", () => {
  const { batch, b3, b3multi, maxAttributeLength, knownMethods, warnings } = readTracingSettings({
    OTEL_PROPAGATORS: "tracecontext, b3,b3",
    OTEL_BSP_MAX_QUEUE_SIZE: "100",
    OTEL_BSP_SCHEDULE_DELAY: "0",
    OTEL_BSP_EXPORT_TIMEOUT: "0",
    OTEL_ATTRIBUTE_VALUE_LENGTH_LIMIT: "10",
    OTEL_INSTRUMENTATION_HTTP_KNOWN_METHODS: "GET, PURGE",
  });
  assert.deepEqual(batch, {
    maxQueueSize: 100,
    maxExportBatchSize: 100,
    scheduledDelayMillis: 0,
    exportTimeoutMillis: 2 ** 31 - 1,
  });
  assert.deepEqual([b3, b3multi, maxAttributeLength, [...knownMethods]], [true, false, 10, ["GET", "PURGE"]]);
  assert.deepEqual(warnings, []);
  assert.ok(readTracingSettings({ OTEL_PROPAGATORS: "b3multi" }).b3multi);
});

test("what is not understood is ignored with a warning that names it", () => {
  const cases: readonly Record<string, string>[] = [
    { OTEL_EXPORTER_OTLP_ENDPOINT: "collector:4317" },
    { OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: "http://" },
    { OTEL_TRACES_SAMPLER: "jaeger_remote" },
    { OTEL_PROPAGATORS: "tracecontext,jaeger" },
    { OTEL_BSP_MAX_QUEUE_SIZE: "0" },
    { OTEL_BSP_SCHEDULE_DELAY: "-1" },
    { OTEL_BSP_EXPORT_TIMEOUT: "1.5" },
    { OTEL_BSP_MAX_EXPORT_BATCH_SIZE: "many" },
    { OTEL_SPAN_ATTRIBUTE_VALUE_LENGTH_LIMIT: "x" },
    { OTEL_TRACES_EXPORTER: "zipkin" },
  ];
  const { warnings: _, ...defaults } = readTracingSettings({});
  for (const env of cases) {
    const { warnings, ...settings } = readTracingSettings(env);
    assert.deepEqual(settings, defaults);
    const [[name, value] = ["", ""]] = Object.entries(env);
    assert.equal(warnings.length, 1);
    assert.ok(warnings[0]?.startsWith(`${name}=${value} is ignored: `), warnings[0]);
  }
  const endpoint = readTracingSettings({ OTEL_EXPORTER_OTLP_ENDPOINT: "ftp://user:secret@collector" });
  assert.match(endpoint.warnings.join(), /^OTEL_EXPORTER_OTLP_ENDPOINT=ftp:\/\/\*\*\*@collector is ignored/);
  const ratio = readTracingSettings({ OTEL_TRACES_SAMPLER: "traceidratio", OTEL_TRACES_SAMPLER_ARG: "2" });
  assert.deepEqual([ratio.sampler.ratio, ratio.warnings.length], [1, 1]);
  const grpc = readTracingSettings({
    OTEL_EXPORTER_OTLP_ENDPOINT: "http://c:4317",
    OTEL_EXPORTER_OTLP_PROTOCOL: "grpc",
  });
  assert.match(grpc.warnings.join(), /4318/);
});

test("the resource names the service and its instance", () => {
  const resource = (env: Record<string, string>): Record<string, string> =>
    serviceResource({ name: "given", version: "1.2" }, env, () => "random");
  const given = { "service.name": "given", "service.version": "1.2", "service.instance.id": "random" };
  assert.deepEqual(resource({}), given);
  assert.deepEqual(resource({ POD_NAME: "pod-1" }), { ...given, "service.instance.id": "pod-1" });
  assert.deepEqual(resource({ POD_NAME: "pod-1", POD_UID: "u" }), { ...given, "service.instance.id": "u" });
  assert.deepEqual(resource({ OTEL_RESOURCE_ATTRIBUTES: "service.name=attribute, a = b%2Cc ,," }), {
    ...given,
    "service.name": "attribute",
    a: "b,c",
  });
  assert.equal(
    resource({ OTEL_SERVICE_NAME: "own", OTEL_RESOURCE_ATTRIBUTES: "service.name=attribute" })[
      "service.name"
    ],
    "own",
  );
  for (const invalid of ["a", "a=b=c", "=b", "a=%"]) {
    assert.deepEqual(resource({ OTEL_RESOURCE_ATTRIBUTES: `x=y,${invalid}` }), given, invalid);
  }
  assert.notEqual(
    serviceResource({ name: "a" }, {})["service.instance.id"],
    serviceResource({ name: "a" }, {})["service.instance.id"],
  );
});
