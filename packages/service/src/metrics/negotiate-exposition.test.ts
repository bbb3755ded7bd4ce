import assert from "node:assert/strict";
import { test } from "node:test";
import * as fc from "fast-check";
import { negotiateExposition } from "./negotiate-exposition.ts";

const cases: readonly (readonly [string | undefined, "text" | "openmetrics"])[] = [
  [undefined, "text"],
  ["", "text"],
  ["*/*", "text"],
  ["text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", "text"],
  ["application/json", "text"],
  // Prometheus 2
  [
    "application/openmetrics-text;version=1.0.0,application/openmetrics-text;version=0.0.1;q=0.75,text/plain;version=0.0.4;q=0.5,*/*;q=0.1",
    "openmetrics",
  ],
  // Prometheus 3
  [
    "application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.5,application/openmetrics-text;version=0.0.1;q=0.4,text/plain;version=1.0.0;escaping=allow-utf-8;q=0.3,text/plain;version=0.0.4;q=0.2,*/*;q=0.1",
    "openmetrics",
  ],
  // Prometheus 3 when it prefers protobuf, for native histograms
  [
    "application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;encoding=delimited;q=0.6,application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.5,text/plain;version=0.0.4;q=0.3,*/*;q=0.2",
    "openmetrics",
  ],
  ["application/openmetrics-text", "openmetrics"],
  ['Application/OpenMetrics-Text; Version="1.0.0" ; Q=0.5', "openmetrics"],
  ["application/openmetrics-text;version=0.0.1", "text"],
  ["application/openmetrics-text;version=2.0.0", "text"],
  ["application/openmetrics-text;q=0", "text"],
  ["application/openmetrics-text;q=x", "text"],
  ["application/openmetrics-text;q=0.5,text/plain;q=0.6", "text"],
  ["application/openmetrics-text;q=0.5,text/*;q=0.6", "text"],
  ["application/openmetrics-text;q=0.5,text/plain;q=0.4,*/*", "openmetrics"],
  ["application/openmetrics-text,*/*", "openmetrics"],
  ["application/*", "text"],
];

for (const [accept, format] of cases)
  test(`${accept ?? "no header"} gives ${format}`, () => assert.equal(negotiateExposition(accept), format));

test("any header gives one of the two formats", () => {
  const word = fc.constantFrom(
    "application/openmetrics-text",
    "text/plain",
    "*/*",
    ";",
    ",",
    "q=",
    "0.5",
    "1",
    '"',
    "version=",
    "1.0.0",
    " ",
  );
  const header = fc.oneof(
    fc.string({ unit: "binary" }),
    fc.array(word).map((words) => words.join("")),
  );
  fc.assert(
    fc.property(header, (accept) => ["text", "openmetrics"].includes(negotiateExposition(accept))),
    { numRuns: 1_000 },
  );
});
