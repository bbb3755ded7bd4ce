import assert from "node:assert/strict";
import { test } from "node:test";
import { propagationHeaders, type PropagationOptions, unrecordedTrace } from "./propagation.ts";
import { exampleExchange } from "./testing/example-exchange.ts";
import { readTraceContext } from "./trace-context.ts";

const traceId = "4bf92f3577b34da6a3ce929d0e0e4736";
const parentId = "00f067aa0ba902b7";
const spanId = "1111111111111111";
const on: PropagationOptions = { tracing: true, b3: false, b3multi: false, random: Math.random };
const recorded = { traceId, spanId, sampled: true, traceState: "congo=t61" };

test("the exchange's own span is the parent of what it asks for", () => {
  const exchange = exampleExchange({
    traceparent: `00-${traceId}-${parentId}-01`,
    tracestate: "congo=t61 , ",
    baggage: "user=7, a=b",
    "x-request-id": "r1",
    "x-datadog-trace-id": "1",
    cookie: "secret",
  });
  exchange.trace = recorded;
  assert.deepEqual(propagationHeaders(exchange, on), {
    traceparent: `00-${traceId}-${spanId}-01`,
    tracestate: "congo=t61",
    baggage: "user=7, a=b",
    "x-request-id": "r1",
    "x-datadog-trace-id": "1",
  });
});

test("B3 is sent when it is asked for or came, and then without a parent span", () => {
  const single = { b3: `${traceId}-${spanId}-1` };
  const multi = { "x-b3-traceid": traceId, "x-b3-spanid": spanId, "x-b3-sampled": "1" };
  const sent = (headers: Record<string, string>, options: PropagationOptions): Record<string, string> => {
    const exchange = exampleExchange(headers);
    exchange.trace = recorded;
    const { traceparent, tracestate, ...b3 } = propagationHeaders(exchange, options);
    assert.deepEqual([traceparent, tracestate], [`00-${traceId}-${spanId}-01`, "congo=t61"]);
    return b3;
  };
  assert.deepEqual(sent({}, on), {});
  assert.deepEqual(sent({}, { ...on, b3: true }), single);
  assert.deepEqual(sent({}, { ...on, b3multi: true }), multi);
  assert.deepEqual(sent({ b3: `${traceId}-${parentId}-1-${parentId}` }, on), single);
  const came = { "x-b3-traceid": traceId, "x-b3-spanid": parentId, "x-b3-parentspanid": parentId };
  assert.deepEqual(sent(came, on), multi);
  // Envoy may send both: the B3 headers that it reads must then be ours, too.
  assert.deepEqual(sent({ ...came, traceparent: `00-${traceId}-${parentId}-01` }, on), multi);
  assert.deepEqual(sent({ b3: `${traceId}-${parentId}-d` }, on), { b3: `${traceId}-${spanId}-d` });
  assert.deepEqual(sent({ "x-b3-flags": "1" }, on), {
    "x-b3-traceid": traceId,
    "x-b3-spanid": spanId,
    "x-b3-flags": "1",
  });
});

test("an exchange that is not recorded gets ids only when they are sent, and keeps them", () => {
  const exchange = exampleExchange();
  const first = propagationHeaders(exchange, on);
  assert.match(first["traceparent"] ?? "", /^00-[\da-f]{32}-[\da-f]{16}-00$/);
  assert.deepEqual(propagationHeaders(exchange, on), first);
  assert.equal(exchange.trace?.sampled, false);
});

test("without a record here, the caller's span goes on unless the decision changed", () => {
  const trace = (traceparent: string) => unrecordedTrace(readTraceContext({ traceparent }), () => 0.5);
  const unchanged = { traceId, spanId: parentId, sampled: false, traceState: undefined };
  assert.deepEqual(trace(`00-${traceId}-${parentId}-00`), unchanged);
  assert.deepEqual(trace(`00-${traceId}-${parentId}-01`), { ...unchanged, spanId: "8000000080000000" });
  const deferred = unrecordedTrace(readTraceContext({ b3: `${traceId}-${parentId}` }), () => 0.5);
  assert.deepEqual(deferred, { ...unchanged, spanId: "8000000080000000" });
});

test("without tracing, headers go on as they came, also those that are not valid", () => {
  const headers = {
    traceparent: "later",
    tracestate: "?",
    b3: "?",
    "x-b3-sampled": "d",
    "x-request-id": "r1",
  };
  const exchange = exampleExchange({ ...headers, authorization: "secret" });
  assert.deepEqual(propagationHeaders(exchange, { tracing: false }), headers);
  assert.deepEqual(propagationHeaders(exampleExchange(), { tracing: false }), {});
  assert.equal(exchange.trace, undefined);
});
