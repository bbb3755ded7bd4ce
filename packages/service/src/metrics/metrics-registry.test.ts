import assert from "node:assert/strict";
import { test } from "node:test";
import * as fc from "fast-check";
import { createMetricsRegistry, type Exposition, type MetricsRegistry } from "./metrics-registry.ts";
import { parseExposition, samplesOf } from "./testing/parse-exposition.ts";

const openMetrics = "application/openmetrics-text; version=1.0.0";

test("counters, gauges, histograms and infos have the form of the plain text format", () => {
  assert.equal(
    textOf(exampleRegistry()),
    `# HELP metrics_series_dropped_total Times that a label set found its metric full and went to the series of the others.
# TYPE metrics_series_dropped_total counter
metrics_series_dropped_total{metric="jobs_total"} 0
# HELP metrics_source_errors_total Times that another registry gave no text.
# TYPE metrics_source_errors_total counter
metrics_source_errors_total 0
# HELP jobs_total All\\nof "them".
# TYPE jobs_total counter
jobs_total{queue="mail",result="ok"} 2
jobs_total{queue="mail",result="error"} 0.5
# HELP room_celsius Now.
# TYPE room_celsius gauge
room_celsius -3
# HELP load_ratio Read.
# TYPE load_ratio gauge
load_ratio NaN
# HELP wait_seconds How long.
# TYPE wait_seconds histogram
wait_seconds_bucket{le="0.1"} 1
wait_seconds_bucket{le="1"} 2
wait_seconds_bucket{le="+Inf"} 3
wait_seconds_sum 7.6
wait_seconds_count 3
# HELP build_info What runs.
# TYPE build_info gauge
build_info{version="1.2"} 1
`,
  );
});

test("OpenMetrics has its own family names, units, bounds, exemplars and end", () => {
  const { contentType, body } = rendered(exampleRegistry(), openMetrics);
  assert.equal(contentType, "application/openmetrics-text; version=1.0.0; charset=utf-8");
  assert.equal(
    body.slice(body.indexOf("# TYPE jobs ")),
    `# TYPE jobs counter
# HELP jobs All\\nof \\"them\\".
jobs_total{queue="mail",result="ok"} 2
jobs_total{queue="mail",result="error"} 0.5
# TYPE room_celsius gauge
# UNIT room_celsius celsius
# HELP room_celsius Now.
room_celsius -3
# TYPE load_ratio gauge
# UNIT load_ratio ratio
# HELP load_ratio Read.
load_ratio NaN
# TYPE wait_seconds histogram
# UNIT wait_seconds seconds
# HELP wait_seconds How long.
wait_seconds_bucket{le="0.1"} 1
wait_seconds_bucket{le="1.0"} 2 # {trace_id="a1",span_id="b2"} 0.5 1700000000.123
wait_seconds_bucket{le="+Inf"} 3
wait_seconds_sum 7.6
wait_seconds_count 3
# TYPE build info
# HELP build What runs.
build_info{version="1.2"} 1
# EOF
`,
  );
});

test("an exemplar of more than 128 characters is left out", () => {
  const registry = createMetricsRegistry();
  const seconds = registry.histogram("wait_seconds", "W.", [1]);
  seconds.observe(0.5, [], { traceId: "a".repeat(97), spanId: "b".repeat(16) });
  seconds.observe(5, [], { traceId: "a".repeat(98), spanId: "b".repeat(16) });
  const buckets = samplesOf(textOf(registry, openMetrics), "wait_seconds_bucket");
  assert.deepEqual(
    buckets.map(({ exemplar }) => exemplar?.labels["trace_id"]?.length),
    [97, undefined],
  );
});

test("a family without series is not mentioned", () => {
  const registry = createMetricsRegistry();
  registry.counter("jobs_total", "J.", ["queue"]);
  assert.doesNotMatch(textOf(registry), /TYPE jobs_total/);
});

test("names that the formats do not allow, or that are taken, are refused", () => {
  const registry = createMetricsRegistry();
  registry.counter("a_total", "A.");
  registry.histogram("h", "H.", [1]);
  const refused: [() => unknown, RegExp][] = [
    [() => registry.counter("a_total", "Again."), /a_total is there already/],
    [() => registry.gauge("a", "The counter's family in OpenMetrics."), /a is there already/],
    [() => registry.gauge("h_count", "A sample of the histogram."), /h_count is there already/],
    [() => registry.counter("a-b_total", "Dash."), /not a metric name/],
    [() => registry.counter("b", "No suffix."), /ends in _total/],
    [() => registry.info("build", "No suffix.", {}), /ends in _info/],
    [() => registry.gauge("c", "C.", ["__c"]), /__c cannot be a label of c/],
    [() => registry.histogram("d", "D.", [1], ["le"]), /le cannot be a label of d/],
    [() => registry.gauge("e", "E.", ["x", "x"]), /label x of e is there twice/],
  ];
  for (const [attempt, message] of refused) assert.throws(attempt, { name: "TypeError", message });
});

test("a counter refuses to fall, and a histogram leaves out what is no number", () => {
  const registry = createMetricsRegistry();
  const total = registry.counter("a_total", "A.");
  for (const amount of [-1, NaN]) assert.throws(() => total.increment([], amount), RangeError);
  registry.histogram("h", "H.", [1]).observe(NaN);
  assert.match(textOf(registry), /a_total 0\n[^]*h_sum 0\nh_count 0\n/);
});

test("too few or too many label values are refused", () => {
  const total = createMetricsRegistry().counter("a_total", "A.", ["x", "y"]);
  total.increment(["1", "2"]);
  for (const values of [[], ["1"], ["1", "2", "3"]])
    assert.throws(() => total.increment(values), /label values for 2 labels/);
});

test("beyond the limit label sets share one series, and each time is counted", () => {
  const registry = createMetricsRegistry({ seriesLimit: 3 });
  const seconds = registry.histogram("wait_seconds", "W.", [1], ["route", "code"]);
  for (let round = 0; round < 2; round += 1)
    for (let route = 0; route < 100; route += 1) seconds.observe(0.5, [`/${route}`, "200"]);
  const text = textOf(registry);
  assert.deepEqual(
    samplesOf(text, "wait_seconds_count").map(({ labels, value }) => [
      labels["route"],
      labels["code"],
      value,
    ]),
    [
      ["/0", "200", 2],
      ["/1", "200", 2],
      ["/2", "200", 2],
      ["other", "other", 194],
    ],
  );
  assert.deepEqual(samplesOf(text, "metrics_series_dropped_total")[0]?.value, 194);
});

test("more metrics than the limit do not keep the counter of dropped series from working", () => {
  const registry = createMetricsRegistry({ seriesLimit: 1 });
  for (const name of ["a_total", "b_total"]) {
    const total = registry.counter(name, "T.", ["x"]);
    for (const x of ["1", "2", "3"]) total.increment([x]);
  }
  assert.deepEqual(
    samplesOf(textOf(registry), "metrics_series_dropped_total").map(({ labels, value }) => [
      labels["metric"],
      value,
    ]),
    [
      ["a_total", 2],
      ["other", 2],
    ],
  );
});

test("whatever labels hold, both formats give them back", () => {
  const text = fc.oneof(
    fc.string({ unit: "binary" }),
    fc.string({ unit: fc.constantFrom("\\", '"', "\n", "n", ",", "=", "{", "}", " # ") }),
  );
  fc.assert(
    fc.property(text, text, text, fc.constantFrom("", openMetrics), (x, y, help, accept) => {
      const registry = createMetricsRegistry();
      registry.counter("a_total", `A ${help}`, ["x", "y"]).increment([x, y], 2);
      assert.deepEqual(samplesOf(textOf(registry, accept), "a_total"), [
        { name: "a_total", labels: { x, y }, value: 2 },
      ]);
    }),
  );
});

test("buckets never fall, and the last one, the count and the sum have everything", () => {
  const value = fc.double({ min: 0, max: 20, noNaN: true });
  fc.assert(
    fc.property(fc.array(value), fc.constantFrom("", openMetrics), (values, accept) => {
      const registry = createMetricsRegistry();
      const seconds = registry.histogram("s_seconds", "S.", [5, 0.5, 1, 5]);
      for (const one of values) seconds.observe(one);
      const text = textOf(registry, accept);
      const buckets = samplesOf(text, "s_seconds_bucket");
      const expected = [0.5, 1, 5, Infinity].map((bound) => values.filter((one) => one <= bound).length);
      assert.deepEqual(
        buckets.map((bucket) => bucket.value),
        expected,
      );
      assert.equal(samplesOf(text, "s_seconds_count")[0]?.value, values.length);
      assert.equal(
        samplesOf(text, "s_seconds_sum")[0]?.value,
        values.reduce((sum, one) => sum + one, 0),
      );
    }),
  );
});

test("another registry's text is appended, but for the families that are here", () => {
  const registry = createMetricsRegistry();
  registry.counter("a_total", "Ours.").increment();
  registry.histogram("h", "Ours.", [1]);
  registry.addSource(() => '# TYPE a_total counter\na_total 7\n# TYPE b gauge\nb{x="1"} 2');
  registry.addSource(() => '# TYPE h histogram\nh_bucket{le="+Inf"} 9\nh_sum 1\nh_count 9\nc 3\n');
  const { contentType, body } = rendered(registry, openMetrics);
  assert.equal(contentType, "text/plain; version=0.0.4; charset=utf-8");
  assert.deepEqual(
    parseExposition(body)
      .filter(({ name }) => /^[abch](_|$)/.test(name))
      .map(({ name, value }) => [name, value]),
    [
      ["a_total", 1],
      ["h_bucket", 0],
      ["h_bucket", 0],
      ["h_sum", 0],
      ["h_count", 0],
      ["b", 2],
      ["c", 3],
    ],
  );
});

test("a source may answer later, and one that fails costs no other metric", async () => {
  const registry = createMetricsRegistry();
  registry.addSource(async () => "later 1\n");
  registry.addSource(() => {
    throw new Error("at once");
  });
  registry.addSource(() => Promise.reject(new Error("later")));
  const first = registry.render();
  assert.ok(first instanceof Promise);
  assert.match((await first).body, /later 1\n$/);
  assert.match((await registry.render()).body, /^metrics_source_errors_total 2$/m);
});

function exampleRegistry(): MetricsRegistry {
  const registry = createMetricsRegistry({ nowMs: () => 1_700_000_000_123 });
  const jobs = registry.counter("jobs_total", 'All\nof "them".', ["queue", "result"]);
  jobs.increment(["mail", "ok"]);
  jobs.child(["mail", "ok"]).increment();
  jobs.increment(["mail", "error"], 0.5);
  const room = registry.gauge("room_celsius", "Now.");
  room.set(-5);
  room.add(2);
  registry.observe("load_ratio", "Read.", "gauge", () => NaN);
  const wait = registry.histogram("wait_seconds", "How long.", [0.1, 1]);
  wait.observe(0.1);
  wait.observe(0.5, [], { traceId: "a1", spanId: "b2" });
  wait.child([]).observe(7);
  registry.info("build_info", "What runs.", { version: "1.2" });
  return registry;
}

function textOf(registry: MetricsRegistry, accept?: string): string {
  return rendered(registry, accept).body;
}

function rendered(registry: MetricsRegistry, accept?: string): Exposition {
  const exposition = registry.render(accept);
  assert.ok(!(exposition instanceof Promise));
  return exposition;
}
