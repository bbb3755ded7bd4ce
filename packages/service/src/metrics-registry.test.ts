import assert from "node:assert/strict";
import { test } from "node:test";
import * as fc from "fast-check";
import { createMetricsRegistry } from "./metrics-registry.ts";

test("counters, gauges and histograms have the Prometheus text form", () => {
  const registry = createMetricsRegistry();
  const total = registry.counter("requests_total", "All\nof them.", ["method", "code"]);
  total.increment(["GET", "200"]);
  total.increment(["GET", "200"]);
  registry.gauge("in_flight", "Now.").add(3);
  const seconds = registry.histogram("seconds", "How long.", [0.1, 1]);
  for (const value of [0.1, 0.5, 7]) seconds.observe(value);
  assert.equal(
    registry.render(),
    [
      "# HELP requests_total All\\nof them.",
      "# TYPE requests_total counter",
      'requests_total{method="GET",code="200"} 2',
      "# HELP in_flight Now.",
      "# TYPE in_flight gauge",
      "in_flight 3",
      "# HELP seconds How long.",
      "# TYPE seconds histogram",
      'seconds_bucket{le="0.1"} 1',
      'seconds_bucket{le="1"} 2',
      'seconds_bucket{le="+Inf"} 3',
      "seconds_sum 7.6",
      "seconds_count 3",
      "",
    ].join("\n"),
  );
});

test("a name that is wrong or taken is refused", () => {
  const registry = createMetricsRegistry();
  registry.counter("a_total", "A.");
  assert.throws(() => registry.gauge("a_total", "Again."), /there already/);
  assert.throws(() => registry.counter("a-b", "Dash."), /not a metric name/);
});

test("whatever a label holds, its sample stays on one line and can be read back", () => {
  fc.assert(
    fc.property(fc.string(), (value) => {
      const registry = createMetricsRegistry();
      registry.counter("a_total", "A.", ["l"]).increment([value]);
      const lines = registry.render().split("\n");
      assert.equal(lines.length, 4);
      const written = /^a_total\{l="(.*)"\} 1$/s.exec(lines[2] ?? "")?.[1] ?? "no match";
      const read = written.replaceAll(/\\(.)/g, (_, char: string) => (char === "n" ? "\n" : char));
      assert.equal(read, value);
    }),
  );
});

test("buckets never fall and the last one counts everything", () => {
  fc.assert(
    fc.property(fc.array(fc.double({ min: 0, max: 20, noNaN: true })), (values) => {
      const registry = createMetricsRegistry();
      const seconds = registry.histogram("s", "S.", [5, 0.5, 1]);
      for (const value of values) seconds.observe(value);
      const counts = [...registry.render().matchAll(/_bucket\{le="[^"]+"\} (\d+)/g)].map((match) =>
        Number(match[1]),
      );
      assert.deepEqual(
        counts,
        counts.toSorted((a, b) => a - b),
      );
      if (values.length > 0) assert.equal(counts.at(-1), values.length);
    }),
  );
});
