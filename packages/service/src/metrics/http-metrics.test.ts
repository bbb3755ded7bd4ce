import assert from "node:assert/strict";
import { EventEmitter, on, once } from "node:events";
import {
  createServer,
  get,
  type IncomingMessage,
  type Server as HttpServer,
  type ServerResponse,
} from "node:http";
import { connect, createServer as createHttp2Server, type Http2Server } from "node:http2";
import type { AddressInfo } from "node:net";
import { test } from "node:test";
import { Exchange, type Request } from "../exchange.ts";
import { createHttpMetrics, type HttpMetricsOptions } from "./http-metrics.ts";
import { createMetricsRegistry } from "./metrics-registry.ts";
import { exampleExchange } from "./testing/example-exchange.ts";
import { parseExposition, samplesOf, type Sample } from "./testing/parse-exposition.ts";

const durationCount = "http_server_request_duration_seconds_count";
const ok = {
  http_request_method: "GET",
  http_route: "/users/:id",
  http_response_status_code: "200",
  url_scheme: "http",
  network_protocol_version: "1.1",
  error_type: "",
};

test("an exchange has OpenTelemetry's labels and buckets", async () => {
  const { text } = await measure(exampleExchange({}), 30);
  assert.deepEqual(samplesOf(text, durationCount), [{ name: durationCount, labels: ok, value: 1 }]);
  assert.deepEqual(
    samplesOf(text, "http_server_request_duration_seconds_bucket").map(({ labels, value }) => [
      labels["le"],
      value,
    ]),
    [
      ...["0.005", "0.01", "0.025"].map((bound) => [bound, 0]),
      ...["0.05", "0.075", "0.1", "0.25", "0.5", "0.75", "1.0", "2.5", "5.0", "7.5", "10.0", "+Inf"].map(
        (bound) => [bound, 1],
      ),
    ],
  );
});

const labelled: [string, Exchange, Partial<typeof ok>][] = [
  ["without a route", exampleExchange({ route: undefined }), { http_route: "unmatched" }],
  ["of a method that no one knows", exampleExchange({ method: "BREW" }), { http_request_method: "_OTHER" }],
  ["of a method in the wrong case", exampleExchange({ method: "get" }), { http_request_method: "_OTHER" }],
  ["that failed", exampleExchange({ status: 502 }), { http_response_status_code: "502", error_type: "502" }],
  [
    "that was refused",
    exampleExchange({ status: 404 }),
    { http_response_status_code: "404", error_type: "" },
  ],
  [
    "whose handler threw",
    exampleExchange({ status: 500, errorType: "TypeError" }),
    { http_response_status_code: "500", error_type: "TypeError" },
  ],
  ["aborted before a status", exampleExchange({ ending: "aborted" }), { http_response_status_code: "499" }],
  [
    "cut before a status",
    exampleExchange({ ending: "cut" }),
    { http_response_status_code: "503", error_type: "cut" },
  ],
];
for (const [what, exchange, labels] of labelled)
  test(`an exchange ${what} says so`, async () => {
    const { text } = await measure(exchange, 1);
    assert.deepEqual(samplesOf(text, durationCount)[0]?.labels, { ...ok, ...labels });
  });

test("the list of known methods can be replaced", async () => {
  const knownMethods = ["BREW"];
  const method = async (name: string) => {
    const { text } = await measure(exampleExchange({ method: name }), 1, { knownMethods });
    return samplesOf(text, durationCount)[0]?.labels["http_request_method"];
  };
  assert.deepEqual([await method("BREW"), await method("GET")], ["BREW", "_OTHER"]);
});

test("the trace of a sampled exchange is an exemplar, that of another is not", async () => {
  const trace = {
    traceId: "0af7651916cd43dd8448eb211c80319c",
    spanId: "b7ad6b7169203331",
    traceState: undefined,
  };
  const exemplars = async (sampled: boolean) => {
    const { text } = await measure(exampleExchange({ trace: { ...trace, sampled } }), 30);
    return parseExposition(text).flatMap(({ labels, exemplar }) =>
      exemplar === undefined ? [] : [{ le: labels["le"], ...exemplar.labels, value: exemplar.value }],
    );
  };
  assert.deepEqual(await exemplars(true), [
    { le: "0.05", trace_id: trace.traceId, span_id: trace.spanId, value: 0.03 },
  ]);
  assert.deepEqual(await exemplars(false), []);
});

test("podinfo's metrics agree with ours", async () => {
  const registry = createMetricsRegistry();
  const metrics = createHttpMetrics(registry, { compat: "podinfo" });
  const exchanges = [
    [exampleExchange({ route: "/api/delay/{wait}" }), 60],
    [exampleExchange({ route: "/api/delay/{wait}", scheme: "https" }), 80],
    [exampleExchange({ route: "/", method: "POST", status: 404 }), 900],
    [exampleExchange({ route: undefined, status: 404 }), 20_000],
  ] as const;
  for (const [exchange, durationMs] of exchanges) metrics.end(exchange, durationMs);
  const { body } = await registry.render();
  assert.deepEqual(samplesOf(body, "http_requests_total").map(short), ["status=200: 2", "status=404: 2"]);
  assert.deepEqual(samplesOf(body, "http_request_duration_seconds_count").map(short), [
    "method=GET path=api_delay_wait status=200: 2",
    "method=POST path=root status=404: 1",
    "method=GET path=unmatched status=404: 1",
  ]);
  const buckets = samplesOf(body, "http_request_duration_seconds_bucket");
  assert.deepEqual(
    buckets.slice(0, 12).map(({ labels, value }) => `${labels["le"]}: ${value}`),
    [
      "0.005: 0",
      "0.01: 0",
      "0.025: 0",
      "0.05: 0",
      "0.1: 2",
      "0.25: 2",
      "0.5: 2",
      "1: 2",
      "2.5: 2",
      "5: 2",
      "10: 2",
      "+Inf: 2",
    ],
  );
  assert.deepEqual(
    buckets.filter(({ labels }) => labels["path"] === "unmatched").map(({ value }) => value),
    [...Array.from({ length: 11 }, () => 0), 1],
  );
  assert.deepEqual(
    samplesOf(body, "http_request_duration_seconds_sum").map(({ value }) => value),
    [0.06 + 0.08, 0.9, 20],
  );
});

test("over HTTP/1.1 an exchange is active until it ends, and is measured then", async () => {
  await using server = await serve(createServer(), (_, response) => response.end(server.active()));
  const [[response]] = await Promise.all([once(get(server.url), "response"), server.ended.next()]);
  const [active] = (await once(response as IncomingMessage, "data")) as [Buffer];
  assert.deepEqual([String(active), server.active()], ["1", "0"]);
  assert.deepEqual(server.counted(), [`${ok.http_response_status_code} ${ok.network_protocol_version}: 1`]);
});

test("a client that goes away before the head counts as 499, and after it as what was sent", async () => {
  await using server = await serve(createServer(), ({ url }, response) => {
    if (url === "/after") response.write("x");
    else response.req.destroy();
  });
  const before = get(server.url);
  before.on("error", () => undefined);
  await server.ended.next();
  const after = get(`${server.url}after`);
  after.on("error", () => undefined);
  await once(after, "response");
  after.destroy();
  await server.ended.next();
  assert.deepEqual(server.counted(), ["499 1.1: 1", "200 1.1: 1"]);
});

test("over HTTP/2 the version is 2", async () => {
  await using server = await serve(createHttp2Server(), (_, response) => response.end("x"));
  const session = connect(server.url);
  session.request({ ":path": "/" }).resume();
  await server.ended.next();
  session.close();
  assert.deepEqual(server.counted(), ["200 2: 1"]);
});

async function measure(exchange: Exchange, durationMs: number, options?: HttpMetricsOptions) {
  const registry = createMetricsRegistry();
  const metrics = createHttpMetrics(registry, options);
  metrics.begin(exchange);
  metrics.end(exchange, durationMs);
  return { text: (await registry.render("application/openmetrics-text")).body };
}

/** Starts a server whose exchanges are measured, with just enough code to tell how each ended. */
async function serve(
  server: HttpServer | Http2Server,
  handler: (request: Request, response: ServerResponse) => void,
) {
  const registry = createMetricsRegistry();
  const metrics = createHttpMetrics(registry);
  const ended = new EventEmitter();
  server.on("request", (request: Request, response: ServerResponse) => {
    const exchange = new Exchange(request, response, "http", performance.now());
    metrics.begin(exchange);
    response.once("close", () => {
      exchange.ending = response.writableFinished ? "complete" : "aborted";
      metrics.end(exchange, performance.now() - exchange.startMs);
      ended.emit("end");
    });
    handler(request, response);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const text = (): string => {
    const exposition = registry.render();
    assert.ok(!(exposition instanceof Promise));
    return exposition.body;
  };
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    ended: on(ended, "end"),
    active: () => /^http_server_active_requests (\d+)$/m.exec(text())?.[1],
    counted: () =>
      samplesOf(text(), durationCount).map(
        ({ labels, value }) =>
          `${labels["http_response_status_code"]} ${labels["network_protocol_version"]}: ${value}`,
      ),
    async [Symbol.asyncDispose]() {
      server.close();
      await once(server, "close");
    },
  };
}

function short({ labels, value }: Sample): string {
  const words = Object.entries(labels).map(([name, label]) => `${name}=${label}`);
  return `${words.join(" ")}: ${value}`;
}
